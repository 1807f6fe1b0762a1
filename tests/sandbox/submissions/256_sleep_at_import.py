# resource: sleeps while loading
import time
time.sleep(1000)
