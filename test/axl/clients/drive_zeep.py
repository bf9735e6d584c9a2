"""Drives Debian's python3-zeep, strict: reads {host, user, password, wsdl, ca, calls: [[operation, tags], ...]} from standard input,
prints one result a call."""
import json
import sys

import requests
from zeep import Client, Settings, exceptions
from zeep.helpers import serialize_object
from zeep.transports import Transport

given = json.load(sys.stdin)
session = requests.Session()
session.auth = (given["user"], given["password"])
session.verify = given["ca"]
# Otherwise a certificate bundle named in the environment wins over the line above.
session.trust_env = False
client = Client(given["wsdl"], settings=Settings(strict=True, xml_huge_tree=True), transport=Transport(session=session))
service = client.create_service(
    "{http://www.cisco.com/AXLAPIService/}AXLAPIBinding", "https://%s:8443/axl/" % given["host"]
)
results = []
for operation, tags in given["calls"]:
    try:
        results.append({"ok": serialize_object(getattr(service, operation)(**tags), dict)})
    except exceptions.Fault as fault:
        results.append({"fault": fault.message, "code": fault.detail.findtext(".//axlcode") if fault.detail is not None else None})
    except Exception as error:  # a reply the client cannot read is what this is for
        results.append({"broken": "%s: %s" % (type(error).__name__, error)})
json.dump(results, sys.stdout, default=str)
