from original import score

def test_score():
    assert score([1, 2, 3]) == [3, 5]
    assert score(list(range(30)))[-1] > 0
