# /// kubebook
# needs = ["reliability/twice"]
# cluster = "three"
# expect = { matches = [
#   '^create a name +201 +409 +1$',
#   '^create a generated name +201 +201 +2$',
#   '^replace, with a version +200 +409 +1$',
#   '^delete +200 +404 +0$',
# ] }
# ///
from kubernetes import client, config

config.load_kube_config()
core = client.CoreV1Api()


def code(call, *words):
    try:
        return call(*words)[1]
    except client.ApiException as error:
        return error.status


def left(app):
    return len(core.list_namespaced_config_map("default", label_selector=f"app={app}").items)


def row(what, app, call, *words):
    print(f"{what:<25} {code(call, *words):<6} {code(call, *words):<7} {left(app)}")


create = core.create_namespaced_config_map_with_http_info
replace = core.replace_namespaced_config_map_with_http_info
delete = core.delete_namespaced_config_map_with_http_info
print("REQUEST                   FIRST  SECOND  OBJECTS")
named = {"metadata": {"name": "named", "labels": {"app": "named"}}, "data": {"paid": "0"}}
row("create a name", "named", create, "default", named)
generated = {"metadata": {"generateName": "paid-", "labels": {"app": "paid"}}}
row("create a generated name", "paid", create, "default", generated)
read = core.read_namespaced_config_map("named", "default")
read.data["paid"] = "1"
row("replace, with a version", "named", replace, "named", "default", read)
row("delete", "named", delete, "named", "default")
