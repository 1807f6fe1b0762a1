# resource: spins while loading
while True: pass
