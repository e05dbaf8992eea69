import matplotlib
import matplotlib.pyplot as plt
from cs231n.layers import *
