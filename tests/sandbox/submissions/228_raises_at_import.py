# wrong: raises while it is loaded
x = 1
raise RuntimeError('at import')
