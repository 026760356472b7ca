def pairs(n):
    """As many tuples, lists and dicts as the garbage collector looks through again and again."""
    made = []
    for i in range(n):
        made.append((i, [i], {"a": i}))
    return len(made)
