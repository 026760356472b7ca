def workload():
    for n in range(30):
        yield (4000 + 100 * n,)
