#!/bin/sh
# A tool server on standard input and output in as little as it takes, to be started by the
# thousand: its tool `get_name` answers with the id of its process.
while IFS= read -r line; do
    id=${line#*\"id\":}
    id=${id%%[,\}]*}
    kind=result
    case $line in
        *'"method":"initialize"'*)
            value='{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{}}' ;;
        *'"method":"tools/list"'*)
            value='{"tools":[{"name":"get_name","description":"Tells the name of the server.",'
            value=$value'"inputSchema":{"type":"object","properties":{}}}]}' ;;
        *'"method":"tools/call"'*)
            value='{"content":[{"type":"text","text":"process '$$'"}]}' ;;
        *'"id":'*)
            kind=error
            value='{"code":-32601,"message":"there is no such method"}' ;;
        *) continue ;;
    esac
    printf '{"jsonrpc":"2.0","id":%s,"%s":%s}\n' "$id" "$kind" "$value"
done
