# /// kubebook
# needs = ["architecture/request-codes"]
# ///

# %% faults
# /// kubebook
# expect = { matches = [
#   '^bad token +\+ no right +401$',
#   '^no right +\+ no such path +403$',
#   '^no such path +\+ no object +404$',
#   '^no object +\+ no namespace +400$',
#   '^no namespace +\+ bad name +404$',
#   '^bad name +\+ quota full +422$',
#   '^quota full +\+ name taken +403$',
# ] }
# ///
from ask import FULL, MAPS, NO_PATH, NO_SPACE, ask, named

TAKEN = named("kube-root-ca.crt")
TWO_FAULTS = [
    ("bad token", "no right", "liar", MAPS, TAKEN),
    ("no right", "no such path", "anonymous", NO_PATH, TAKEN),
    ("no such path", "no object", "admin", NO_PATH, ["not an object"]),
    ("no object", "no namespace", "admin", NO_SPACE, ["not an object"]),
    ("no namespace", "bad name", "admin", NO_SPACE, named("Not_a_name")),
    ("bad name", "quota full", "admin", FULL, named("Not_a_name")),
    ("quota full", "name taken", "admin", FULL, TAKEN),
]
print(f"{'ONE FAULT':<13}   {'ANOTHER FAULT':<14} CODE")
for one, another, who, path, body in TWO_FAULTS:
    code, _, _ = ask(who, "POST", path, body)
    print(f"{one:<13} + {another:<14} {code}")

# %% dry-run
# /// kubebook
# expect = { matches = [
#   '^Not_a_name 422$',
#   '^kube-root-ca.crt 409$',
#   '^new 201$',
#   '^GET new 404$',
# ] }
# ///
for name in ("Not_a_name", "kube-root-ca.crt", "new"):
    print(name, ask("admin", "POST", f"{MAPS}?dryRun=All", named(name))[0])
print("GET new", ask("admin", "GET", f"{MAPS}/new")[0])
