"""Good streams, with an item or a chunk of every kind."""

ITEM = "response.output_item"
CALL = "response.function_call_arguments"
MCP = "response.mcp_call"
LIST = "response.mcp_list_tools"
TEXT = "response.output_text"
SUMMARY = "response.reasoning_summary"
CODE = "response.code_interpreter_call"
SEARCH = "response.web_search_call"


def response(status, output, usage=None, **changes):
    fixed = {
        "id": "resp_1", "object": "response", "created_at": 1, "model": "m", "tools": [],
        "tool_choice": "auto", "parallel_tool_calls": True, "error": None,
        "incomplete_details": None, "status": status, "output": output, "usage": usage,
    }  # fmt: skip
    return fixed | changes


USAGE = {
    "input_tokens": 7, "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
    "output_tokens": 5, "output_tokens_details": {"reasoning_tokens": 1}, "total_tokens": 12,
}  # fmt: skip


class Story:
    """Tells a stream with an item of every kind."""

    def __init__(self):
        self.events = []
        self.items = []
        self.item = None

    def say(self, type, **members):
        self.events.append({"type": type, "sequence_number": len(self.events), **members})

    def tell(self, type, **members):
        place = {"item_id": self.item["id"], "output_index": len(self.items)}
        self.say(type, **place, **members)

    def open(self, **item):
        self.item = item
        self.say(f"{ITEM}.added", output_index=len(self.items), item=dict(item))

    def close(self, **changes):
        item = self.item | changes
        self.say(f"{ITEM}.done", output_index=len(self.items), item=item)
        self.items.append(item)

    def part(self, part, key, subject, deltas, annotation=None, **members):
        extra = {"logprobs": []} if subject == TEXT else {}
        self.tell("response.content_part.added", content_index=0, part=part | {key: ""})
        for delta in deltas:
            self.tell(f"{subject}.delta", content_index=0, delta=delta, **extra)
        if annotation:
            self.tell(
                f"{TEXT}.annotation.added", content_index=0, annotation_index=0,
                annotation=annotation,
            )  # fmt: skip
            part = part | {"annotations": [annotation]}
        text = "".join(deltas)
        self.tell(f"{subject}.done", content_index=0, **{key: text}, **extra)
        part = part | {key: text}
        self.tell("response.content_part.done", content_index=0, part=part)
        return part

    def reasoning(self):
        self.open(id="rs_1", type="reasoning", status="in_progress", summary=[], content=[])
        part = {"type": "reasoning_text"}
        content = self.part(part, "text", "response.reasoning_text", ["Hm", "."])
        part = {"type": "summary_text", "text": ""}
        self.tell(f"{SUMMARY}_part.added", summary_index=0, part=part)
        self.tell(f"{SUMMARY}_text.delta", summary_index=0, delta="H")
        self.tell(f"{SUMMARY}_text.done", summary_index=0, text="H")
        part = part | {"text": "H"}
        self.tell(f"{SUMMARY}_part.done", summary_index=0, part=part)
        self.close(status="completed", content=[content], summary=[part])

    def message(self, status="completed"):
        self.open(id="msg_1", type="message", status="in_progress", role="assistant", content=[])
        part = {"type": "output_text", "annotations": [], "logprobs": []}
        note = {"type": "file_path", "file_id": "f", "index": 0}
        self.close(status=status, content=[self.part(part, "text", TEXT, ["I ", "see"], note)])

    def calls(self):
        self.open(
            id="fc_1", type="function_call", status="in_progress", call_id="call_1", name="f",
            arguments="",
        )  # fmt: skip
        self.tell(f"{CALL}.delta", delta="{")
        self.tell(f"{CALL}.delta", delta="}")
        self.tell(f"{CALL}.done", arguments="{}", name="f")
        self.close(status="completed", arguments="{}")
        self.open(id="ctc_1", type="custom_tool_call", call_id="call_2", name="g", input="")
        self.tell("response.custom_tool_call_input.delta", delta="la")
        self.tell("response.custom_tool_call_input.done", input="la")
        self.close(input="la")

    def mcp(self):
        self.open(id="mcpl_1", type="mcp_list_tools", server_label="s", tools=[])
        self.tell(f"{LIST}.in_progress")
        self.tell(f"{LIST}.completed")
        self.close(tools=[{"name": "t", "input_schema": {}}])
        self.open(
            id="mcp_1", type="mcp_call", status="in_progress", server_label="s", name="t",
            arguments="", output=None, error=None,
        )  # fmt: skip
        self.tell(f"{MCP}.in_progress")
        self.tell(f"{MCP}_arguments.delta", delta="{}")
        self.tell(f"{MCP}_arguments.done", arguments="{}")
        self.tell(f"{MCP}.completed")
        self.close(status="completed", arguments="{}", output="fine")
        self.open(
            id="mcpr_1", type="mcp_approval_request", server_label="s", name="t", arguments="{}"
        )
        self.close()

    def built_in(self):
        self.open(
            id="ci_1", type="code_interpreter_call", status="in_progress", code="",
            container_id="cntr_1", outputs=None,
        )  # fmt: skip
        self.tell(f"{CODE}.in_progress")
        self.tell(f"{CODE}_code.delta", delta="1 + ")
        self.tell(f"{CODE}_code.delta", delta="1")
        self.tell(f"{CODE}_code.done", code="1 + 1")
        self.tell(f"{CODE}.interpreting")
        self.tell(f"{CODE}.completed")
        outputs = [{"type": "logs", "logs": "2"}]
        self.close(status="completed", code="1 + 1", outputs=outputs)
        action = {"type": "search", "query": "x"}
        self.open(id="ws_1", type="web_search_call", status="in_progress", action=action)
        self.tell(f"{SEARCH}.in_progress")
        self.tell(f"{SEARCH}.searching")
        self.tell(f"{SEARCH}.completed")
        self.close(status="completed")
        action = {"type": "open_page", "url": None}
        self.open(id="ws_2", type="web_search_call", status="in_progress", action=action)
        self.tell(f"{SEARCH}.in_progress")
        self.tell(f"{SEARCH}.searching")
        self.close(status="failed")


def story(first="in_progress", last="completed", message="completed", **changes):
    told = Story()
    told.say("response.created", response=response(first, []))
    if first == "queued":
        told.say("response.queued", response=response(first, []))
    told.say("response.in_progress", response=response("in_progress", []))
    told.mcp()
    told.built_in()
    told.reasoning()
    told.calls()
    told.message(message)
    told.say(f"response.{last}", response=response(last, told.items, USAGE, **changes))
    return told.events


def chat_story(includes_usage=True, finish="tool_calls"):
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    usage = {"usage": None} if includes_usage else {}

    def chunk(delta, reason=None):
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return head | {"choices": [choice]} | usage

    def call(index, arguments, **begin):
        function = {**({"name": "f"} if begin else {}), "arguments": arguments}
        return chunk({"tool_calls": [{"index": index, **begin, "function": function}]})

    told = [chunk({"role": "assistant", "content": ""})]
    told += [chunk({"reasoning": text, "reasoning_content": text}) for text in ("Hm", ".")]
    told += [chunk({"content": text}) for text in ("I ", "see")]
    if finish == "tool_calls":
        told += [call(0, "", id="call_1", type="function"), call(0, "{"), call(0, "}")]
        told += [call(1, "", id="call_2", type="function"), call(1, "{}")]
    told.append(chunk({}, finish))
    if includes_usage:
        counts = {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}
        told.append(head | {"choices": [], "usage": counts})
    return told
