"""An object that equals everything and calls itself a list: wrong, rejected."""

class Equal:
    __module__, __qualname__ = "builtins", "list"
    __class__ = list
    def __eq__(self, other):
        return True
    def __len__(self):
        return 0
    def __iter__(self):
        return iter(())
    def __reduce__(self):
        return list, ()
def score(numbers):
    return Equal()
