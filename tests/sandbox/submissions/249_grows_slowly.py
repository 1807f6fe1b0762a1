# resource: takes memory in small pieces
x=[]
while True: x.append(bytearray(1<<16))
