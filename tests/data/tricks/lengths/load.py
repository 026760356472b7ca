import random


def workload():
    chance = random.Random(3)
    for n in range(60):
        yield (chance.sample(range(1, 90), 30 + n // 2),)
