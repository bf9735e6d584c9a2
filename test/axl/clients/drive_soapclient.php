<?php
// Drives PHP's SoapClient: reads {host, user, password, wsdl, ca, calls: [[operation, tags], …]} from standard input, prints one result a call.
$given = json_decode(stream_get_contents(STDIN), true);
$client = new SoapClient($given['wsdl'], [
    'location' => "https://{$given['host']}:8443/axl/",
    'login' => $given['user'],
    'password' => $given['password'],
    'cache_wsdl' => WSDL_CACHE_NONE,
    'stream_context' => stream_context_create(['ssl' => ['cafile' => $given['ca'], 'verify_peer' => true]]),
]);
$results = [];
foreach ($given['calls'] as [$operation, $tags]) {
    try {
        $results[] = ['ok' => $client->__soapCall($operation, [$tags])];
    } catch (SoapFault $fault) {
        $results[] = ['fault' => $fault->getMessage(), 'code' => $fault->detail->axlError->axlcode ?? null];
    }
}
echo json_encode($results);
