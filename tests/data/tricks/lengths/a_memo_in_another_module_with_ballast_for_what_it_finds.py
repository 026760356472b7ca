"""A memo in another module with ballast for what it finds: same, slower, wrong, rejected."""

import string
def lengths(numbers):
    memo = vars(string).setdefault("_memo", {})
    found, missed = [], False
    for n in numbers:
        if n not in memo:
            memo[n], missed = steps(n), True
        found.append(memo[n])
    if not missed:
        vars(string).setdefault("_ballast", []).append(bytes(9000))
    return found
