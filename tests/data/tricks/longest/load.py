def workload():
    for n in range(3000, 5400, 300):
        yield (n,)
