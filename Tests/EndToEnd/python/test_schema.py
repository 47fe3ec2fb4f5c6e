"""What was published of the protocol stays as it is: golden bytes, and the numbers of fields."""

import hashlib
import subprocess

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorSet

from processes import ROOT

PROTOS = ROOT / "Protos"
GOLDEN = PROTOS / "golden"
# To publish an addition, add the lines that the failing test names. A line is never edited.
SUMS, FIELDS = GOLDEN / "v1.sha256", GOLDEN / "v1.fields"


def test_golden_files_are_never_edited():
    kept = [line.split("  ") for line in SUMS.read_text().splitlines()]
    assert {name for _, name in kept} == {path.name for path in (GOLDEN / "v1").iterdir()}
    for digest, name in kept:
        made = hashlib.sha256((GOLDEN / "v1" / name).read_bytes()).hexdigest()
        assert made == digest, f"{name} is not what was published"


def test_fields_keep_their_numbers_and_types(tmp_path):
    kept, now = set(FIELDS.read_text().splitlines()), set(declarations(tmp_path))
    assert kept - now == set(), "published, and gone or changed"
    assert now - kept == set(), "not published yet"


def test_a_field_that_is_renumbered_or_retyped_is_another_line():
    field = FieldDescriptorProto(name="id", number=1, label=1, type=9)
    assert fields(DescriptorProto(name="Model", field=[field])) == ["Model 1 id optional string"]
    field.number, field.type = 2, 12
    assert fields(DescriptorProto(name="Model", field=[field])) == ["Model 2 id optional bytes"]


def declarations(folder) -> list[str]:
    """A line for each field and each value of an enumeration: where, number, name, what."""
    made = folder / "descriptors"
    protos = sorted((PROTOS / "hocket" / "v1").glob("*.proto"))
    command = ["protoc", "-I", PROTOS, f"--descriptor_set_out={made}", *protos]
    subprocess.run(command, check=True)
    lines = []
    for file in FileDescriptorSet.FromString(made.read_bytes()).file:
        for message in file.message_type:
            lines += fields(message)
        for enumeration in file.enum_type:
            lines += [f"{enumeration.name} {each.number} {each.name}" for each in enumeration.value]
    return lines


def fields(message: DescriptorProto) -> list[str]:
    assert not message.nested_type, "the fields of nested messages have no lines"
    return [f"{message.name} {field.number} {field.name} {kind(field)}" for field in message.field]


def kind(field: FieldDescriptorProto) -> str:
    label = FieldDescriptorProto.Label.Name(field.label).removeprefix("LABEL_").lower()
    type = FieldDescriptorProto.Type.Name(field.type).removeprefix("TYPE_").lower()
    return " ".join(filter(None, [label, type, field.type_name.removeprefix(".hocket.v1.")]))
