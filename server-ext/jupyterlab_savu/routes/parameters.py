"""What requests may hold, as the contract says; checked before anything is done."""

from __future__ import annotations

import json
import math
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from jupyterlab_savu.configuration import ResourceName
from jupyterlab_savu.data.slices.planes import Plane
from jupyterlab_savu.data.slices.service import Asked
from jupyterlab_savu.faults import Fault, too_large
from jupyterlab_savu.jobs.ids import ID

Model = TypeVar("Model", bound=BaseModel)

#: The largest body that is read; lists take some 40 kB.
MAX_BODY = 16 * 2**20


def _number(text: Any) -> Any:
    if isinstance(text, str):
        digits = text.removeprefix("-")
        if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
            raise ValueError("a whole number is expected")
        return int(text)
    return text


def _truth(text: Any) -> Any:
    if isinstance(text, str):
        try:
            return {"true": True, "false": False}[text]
        except KeyError:
            raise ValueError("true or false is expected") from None
    return text


def _numbers(kind: type[int] | type[float], count: int) -> BeforeValidator:
    """Numbers between commas."""

    def parse(text: Any) -> Any:
        parts = text.split(",") if isinstance(text, str) else ()
        try:
            values = tuple(_number(part) if kind is int else float(part) for part in parts)
        except ValueError:
            values = ()
        if len(values) != count or not all(math.isfinite(value) for value in values):
            raise ValueError(f"{count} numbers between commas are expected")
        return values

    return BeforeValidator(parse)


Number = Annotated[int, BeforeValidator(_number)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Region = Annotated[tuple[int, int, int, int], _numbers(int, 4)]
Range = Annotated[tuple[float, float], _numbers(float, 2)]
Line = Annotated[tuple[float, float, float, float], _numbers(float, 4)]
RootName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=64)]
SavuName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=64)]
FilePath = Annotated[str, Field(min_length=1, max_length=4096)]
Words = Annotated[str, Field(max_length=200)]


class Query(BaseModel):
    """Query parameters; what is not known is ignored, as browsers add some of their own."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class Nothing(Query):
    pass


class Page(Query):
    limit: Number = Field(default=200, ge=1, le=1000)
    cursor: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_=-]+$", max_length=8192)


class PluginSource(Query):
    savu: SavuName | None = None


class PluginSearch(Page, PluginSource):
    q: Words = ""


class File(Query):
    root: RootName = "jupyter"
    path: FilePath


class FileFacts(File):
    hash: Truth = False


class Search(Page):
    root: RootName = "jupyter"
    below: str = Field(default="", max_length=4096)
    q: Words = ""


class DatasetSearch(Search):
    kind: Literal["scan", "result"] = "scan"


class DataObject(Query):
    root: RootName = "jupyter"
    file: FilePath
    path: str = Field(default="/", max_length=4096)


class Metadata(DataObject):
    resolve_links: Literal["none", "only_valid", "all"] | None = None


class Attributes(DataObject):
    attr_keys: list[str] | None = None


class Selected(DataObject):
    selection: str | None = Field(default=None, max_length=1000)


class Values(Selected):
    encoding: Literal["json", "bin", "npy", "csv", "tiff"] | None = Field(
        default=None, alias="format"
    )
    dtype: Literal["origin", "safe"] | None = None
    flatten: Truth = False


class DataFile(Query):
    root: RootName = "jupyter"
    file: FilePath


class Volume(DataFile):
    path: str = Field(min_length=1, max_length=4096)


class PlaneOf(Volume):
    plane: str = Field(min_length=1, max_length=1000)
    walk: Number | None = Field(default=None, ge=0, le=31)

    def asked(self, operation: str, **more: Any) -> Asked:
        """What the service of slices is asked for."""
        return Asked(
            self.root,
            self.file,
            self.path,
            Plane.parse(self.plane, self.walk),
            getattr(self, "region", None),
            getattr(self, "step", 1),
            {"operation": operation, **more},
        )


class Slice(PlaneOf):
    region: Region | None = None
    step: Number = Field(default=1, ge=1, le=65536)
    bits: Number | None = Field(default=None, ge=8, le=8)
    contrast: Range | None = None


class SliceStatistics(PlaneOf):
    region: Region | None = None
    bins: Number = Field(default=256, ge=1, le=4096)


class SliceProfile(PlaneOf):
    line: Line


class JobSearch(Page):
    active: Truth | None = None
    group: str | None = Field(default=None, pattern=f"^{ID}$")
    cursor: str | None = Field(default=None, pattern=f"^{ID}$")


class LogRange(Query):
    log: Literal["user", "full"] = "user"
    offset: Number = 0
    length: Number = Field(default=65536, ge=1, le=1048576)


class Body(BaseModel):
    """A JSON body, in which nothing unknown is accepted and no type is converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Plugin(Body):
    position: str = Field(pattern=r"^[0-9]+[a-z]*$", max_length=20)
    name: str = Field(max_length=200)
    id: str = Field(max_length=500)
    active: bool
    parameters: dict[str, str]
    extra: dict[str, Any] = Field(default_factory=dict)


class Loop(Body):
    start: int
    end: int
    iterations: int


class ProcessList(Body):
    version: str | None = None
    plugins: list[Plugin] = Field(max_length=1000)
    groups: list[Loop] = Field(default_factory=list, max_length=1000)
    extra: dict[str, Any] = Field(default_factory=dict)


class Place(Body):
    root: RootName = "jupyter"
    path: FilePath


class Check(Body):
    plist: ProcessList = Field(alias="list")
    data: Place | None = None
    queue: str | None = Field(default=None, max_length=100)
    savu: SavuName | None = None


class Refresh(Body):
    plist: ProcessList = Field(alias="list")
    plugins: list[Annotated[int, Field(ge=0)]] | None = Field(default=None, max_length=1000)
    defaults: bool = False
    savu: SavuName | None = None


class Comparison(Body):
    left: ProcessList
    right: ProcessList


class TypedValue(Body):
    dtype: str = Field(max_length=200)
    options: list[Annotated[str, Field(max_length=20_000)]] | None = Field(
        default=None, max_length=1000
    )
    parameter: str | None = Field(default=None, max_length=200)
    text: str = Field(max_length=20_000)


class PreviewOf(Body):
    preview: str = Field(max_length=20_000)
    data: Place | None = None
    data_path: str | None = Field(default=None, max_length=4096)
    loaded: str | None = Field(default=None, max_length=20_000)


class FilledValue(Body):
    plugin: int
    parameter: str = Field(max_length=200)
    value: str = Field(max_length=20_000)


class Template(Body):
    plist: ProcessList = Field(alias="list")
    text: str | None = Field(default=None, max_length=2**20)
    values: list[FilledValue] = Field(default_factory=list, max_length=1000)


class NewTemplate(Body):
    place: Place
    plist: ProcessList = Field(alias="list")
    values: list[FilledValue] = Field(default_factory=list, max_length=1000)


class AnyPath(Query):
    root: RootName = "jupyter"
    path: str = Field(default="", max_length=4096)


class Location(Query):
    location: FilePath


ResourcesAsked = dict[ResourceName, Annotated[int, Field(ge=0, le=2**31 - 1)]]
ValuesAsked = Annotated[dict[str, Annotated[str, Field(max_length=200)]], Field(max_length=50)]


class SubmittedList(Place):
    content: ProcessList | None = None


class Submitted(Body):
    queue: str = Field(max_length=100)
    plist: SubmittedList = Field(alias="list")
    rows: str | None = Field(default=None, min_length=1, max_length=100)
    resources: ResourcesAsked = {}
    values: ValuesAsked = {}
    key: str | None = Field(default=None, min_length=1, max_length=100)


class ScriptRequest(Body):
    resources: ResourcesAsked = {}
    values: ValuesAsked = {}


class Submission(Submitted):
    data: Place


class GroupSubmission(Submitted):
    scans: list[Place] = Field(min_length=1, max_length=1000)


class RunAgain(Body):
    queue: str | None = Field(default=None, max_length=100)
    key: str | None = Field(default=None, min_length=1, max_length=100)


def parse_query(model: type[Model], arguments: dict[str, list[bytes]]) -> Model:
    """The query parameters of a request; the last one counts when one is given twice.

    Raises:
        Fault: 422, with the name of the parameter.
    """
    given: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        name = field.alias or name
        if name not in arguments:
            continue
        try:
            texts = [value.decode("utf-8") for value in arguments[name]]
        except UnicodeDecodeError:
            raise Fault(f"{name} must be UTF-8.", place=name) from None
        given[name] = texts if field.annotation == (list[str] | None) else texts[-1]
    try:
        return model.model_validate(given)
    except ValidationError as error:
        fault = error.errors()[0]
        place = str(fault["loc"][0])
        raise Fault(f"{place}: {_words(fault)}.", place=place) from None


def parse_body(model: type[Model], body: bytes) -> Model:
    """The JSON body of a request.

    Raises:
        Fault: 400 when it is not JSON, 413 when it is too large, 422 with a JSON pointer when
            it is not what the contract says.
    """
    if len(body) > MAX_BODY:
        raise too_large(f"The request has {len(body)} bytes; at most {MAX_BODY} are read.")
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        fault = error.errors()[0]
    if fault["type"] == "json_invalid":
        raise Fault(f"The request is not JSON: {_words(fault)}.", status=400, reason="not_json")
    place = "".join(f"/{_escaped(key)}" for key in fault["loc"])
    raise Fault(f"{place or 'The request'}: {_words(fault)}.", place=place)


def text(value: Any) -> str:
    """Plain data as JSON; many items one by one, because no other thread runs meanwhile."""
    if not isinstance(value, dict) or not isinstance(value.get("items"), list):
        return json.dumps(value)
    members = [
        f"{json.dumps(name)}: "
        + (f"[{', '.join(map(json.dumps, part))}]" if name == "items" else json.dumps(part))
        for name, part in value.items()
    ]
    return f"{{{', '.join(members)}}}"


def _words(fault: Any) -> str:
    return str(fault["msg"]).removeprefix("Value error, ")


def _escaped(key: str | int) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
