def workload():
    for n in range(30):
        yield ([("n%d" % i, i * n / 3) for i in range(60 + 3 * n)],)
