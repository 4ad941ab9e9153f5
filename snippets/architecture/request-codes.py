# /// kubebook
# needs = ["architecture/gates"]
# ///

# %% table
# /// kubebook
# expect = { matches = [
#   '^authentication +401 +Unauthorized ',
#   '^authorization +403 +Forbidden ',
#   '^routing +404 +NotFound ',
#   '^decoding +400 +BadRequest ',
#   '^admission +404 +NotFound .*/nowhere/',
#   '^validation +422 +Invalid ',
#   '^admission +403 +Forbidden .*/gates/',
#   '^storage +409 +AlreadyExists ',
#   '^storage +404 +NotFound .*/missing$',
#   '^backend +503 +ServiceUnavailable ',
#   '^- +201 ',
# ] }
# ///
from ask import FULL, MAPS, NO_PATH, NO_SPACE, ask, named

PROXY = "/api/v1/namespaces/default/services/nobody/proxy/"
TAKEN = "kube-root-ca.crt"
REQUESTS = [
    ("authentication", "liar", "GET", MAPS, None),
    ("authorization", "anonymous", "GET", MAPS, None),
    ("routing", "admin", "GET", NO_PATH, None),
    ("decoding", "admin", "POST", MAPS, ["not an object"]),
    ("admission", "admin", "POST", NO_SPACE, named("new")),
    ("validation", "admin", "POST", MAPS, named("Not_a_name")),
    ("admission", "admin", "POST", FULL, named("new")),
    ("storage", "admin", "POST", MAPS, named(TAKEN)),
    ("storage", "admin", "GET", f"{MAPS}/missing", None),
    ("backend", "admin", "GET", PROXY, None),
    ("-", "admin", "POST", f"{MAPS}?dryRun=All", named("new")),
]
print(f"{'GATE':<15} {'CODE':<5} {'REASON':<19} {'WHO':<10} REQUEST")
for gate, who, method, path, body in REQUESTS:
    code, reason, _ = ask(who, method, path, body)
    short = path.replace("/api/v1/namespaces", "…")
    print(f"{gate:<15} {code:<5} {reason:<19} {who:<10} {method} {short}")

# %% messages
# /// kubebook
# expect = { matches = [
#   '^404 the server could not find',
#   '^404 namespaces "nowhere" not found$',
#   '^404 configmaps "missing" not found$',
#   '^403 .*cannot list',
#   '^403 .*exceeded quota',
# ] }
# ///
for _, who, method, path, body in REQUESTS:
    code, _, message = ask(who, method, path, body)
    if code in (403, 404):
        print(code, message)
