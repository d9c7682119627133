"""Settings: environment variables TAPETUM_*, or a TOML file that TAPETUM_CONFIG names."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, cast

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from tapetum.domain.errors import BadInputError
from tapetum.domain.networks import Networks
from tapetum.domain.urls import hold_url
from tapetum.service import engine_urls
from tapetum.service.outbound.certificates import certificates
from tapetum.service.outbound.targets import Targets

URLS = ("neo4j_url", "elasticsearch_url", "redis_url")
"""The settings that are given together, or not at all."""


class Settings(BaseSettings):
    """What can be set; each field's description is its documentation (docs/settings.md is made from it)."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="TAPETUM_", extra="forbid", frozen=True
    )

    data: Path = Field(Path(".tapetum"), description="Directory of the embedded stores.")
    host: str = Field(
        "127.0.0.1", description="Address to listen on; any but loopback needs at least one token."
    )
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    cluster: str = Field(
        "default",
        pattern=r"^[A-Za-z0-9._-]{1,63}$",
        description="Cluster of logs that a command reads without --cluster.",
    )
    retention_days: int = Field(
        30,
        ge=1,
        le=3650,
        description="Days that records and hourly roll-ups are kept, from a cluster's newest record.",
    )
    private_ranges: list[str] = Field(
        default_factory=list[str],
        description="CIDRs to count as private beside the standard ones, as a JSON list.",
    )
    outbound_allowed: list[str] = Field(
        default_factory=list[str],
        description="CIDRs of loopback, private and other addresses outside of the internet that feeds may "
        "be fetched from, and alerts sent to, as a JSON list.",
    )
    outbound_authorities: Path | None = Field(
        None,
        description="A file of certificates in PEM: authorities that servers of feeds and receivers of "
        "alerts may be signed by, beside the public ones.",
    )
    public_url: str | None = Field(
        None,
        description="Where people reach the page, such as https://tapetum.example; alerts that are sent link "
        "to it.",
    )
    memory_limit: str = Field(
        "600MB",
        pattern=r"^\d+(MB|GB)$",
        description="Memory that the embedded engine may use for one query or batch.",
    )
    threads: int = Field(2, ge=1, le=64, description="Threads of the embedded engine.")
    max_body: int = Field(
        32 << 20, ge=1 << 10, description="Largest pushed body in bytes, after decompression; more gets 413."
    )
    max_line: int = Field(1 << 20, ge=1 << 10, description="Longest line in bytes; a longer one is rejected.")
    batch_bytes: int = Field(
        32 << 20,
        ge=1 << 16,
        description="Bytes of a file that are applied as one batch; more is faster and takes memory.",
    )
    deadline: float = Field(
        10.0, gt=0, description="Seconds after which a query is cancelled, in the engine too."
    )
    kubeconfigs: dict[str, str] = Field(
        default_factory=dict[str, str],
        description="Kubeconfig files by the names of clusters, as a JSON object; FILE#CONTEXT where not the "
        "current context is meant. Packet captures are listed through them.",
    )
    apply_captures: bool = Field(
        default=False,
        description="Whether tokens that may send logs may apply and remove packet captures through them.",
    )
    capture_bytes: int = Field(
        64 << 20,
        ge=1 << 10,
        le=1 << 30,
        description="Largest capture that may be sent to be summarised, in bytes, unpacked.",
    )
    metric_pairs: int = Field(
        200,
        ge=0,
        le=10_000,
        description="Pairs of namespaces that /metrics tells apart; traffic of others is counted as `other`.",
    )
    introspection: bool = Field(default=True, description="Whether the GraphQL schema may be asked for.")
    require_token: bool = Field(
        default=False, description="Ask for a token on loopback too; elsewhere one is always asked for."
    )
    allowed_origins: list[str] = Field(
        default_factory=list[str],
        description="Origins, beside the server's own, whose pages may open a WebSocket, as a JSON list.",
    )

    neo4j_url: str | None = Field(
        None,
        description="Neo4j, as bolt://HOST:7687; with the next two URLs it replaces the embedded stores.",
    )
    neo4j_user: str = Field("neo4j", description="User of Neo4j; used where there is a password.")
    neo4j_password: SecretStr | None = Field(
        None, description="Password of Neo4j; none where it asks for none."
    )
    elasticsearch_url: str | None = Field(
        None,
        description="Elasticsearch, as http://HOST:9200; a user and password may stand before the host.",
    )
    redis_url: str | None = Field(None, description="Redis, as redis://HOST:6379/0.")
    spool: Path = Field(
        Path(".tapetum/spool"),
        description="Directory in which `tapetum api` keeps what the engines do not have yet, on a volume "
        "that outlives it. Receivers that share it each take a directory of their own below it.",
    )
    spool_bytes: int = Field(
        2 << 30, ge=1 << 20, description="Bytes that the spool may hold; above, pushed logs get 503."
    )
    push_patience: float = Field(
        5.0,
        gt=0,
        le=600,
        description="Seconds that the answer to pushed logs waits for a worker to count them; later it comes "
        "from the spool alone, where duplicates count as accepted.",
    )

    @field_validator("private_ranges")
    @classmethod
    def _are_networks(cls, ranges: list[str]) -> list[str]:
        try:
            Networks(ranges)
        except BadInputError as error:
            raise ValueError(error.message.removesuffix(".")) from None
        return ranges

    @field_validator("outbound_allowed")
    @classmethod
    def _are_targets(cls, ranges: list[str]) -> list[str]:
        try:
            Targets(ranges)
        except BadInputError as error:
            raise ValueError(error.message.removesuffix(".")) from None
        return ranges

    @field_validator("outbound_authorities")
    @classmethod
    def _are_certificates(cls, file: Path | None) -> Path | None:
        try:
            certificates(file)
        except BadInputError as error:
            raise ValueError(error.message.removesuffix(".")) from None
        return file

    @field_validator("public_url")
    @classmethod
    def _is_a_url(cls, url: str | None) -> str | None:
        if url is not None:
            hold_url(url, "alerts")
        return url

    @field_validator(*URLS)
    @classmethod
    def _is_an_address(cls, url: str | None, field: ValidationInfo) -> str | None:
        return None if url is None else engine_urls.checked(str(field.field_name), url)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings, file_secret_settings
        file = os.environ.get("TAPETUM_CONFIG")
        if file is None:
            return init_settings, env_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(file))


def load(**given: object) -> Settings:
    """Settings with what a command line gave on top; raises BadInputError naming the setting."""
    file = os.environ.get("TAPETUM_CONFIG")
    if file is not None and not Path(file).is_file():
        raise BadInputError(f"TAPETUM_CONFIG names {file!r}, which is no file; correct it or unset it.")
    try:
        return cast("Callable[..., Settings]", Settings)(
            **{name: value for name, value in given.items() if value is not None}
        )
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise BadInputError(
                f"{file} sets {name[:80]!r}, which is no setting; docs/settings.md lists them."
            ) from None
        raise BadInputError(
            f"The setting TAPETUM_{name.upper()} = {_shown(name, first['input'])} cannot be used: "
            f"{first['msg'].removeprefix('Value error, ')}."
        ) from None
    except SettingsError as error:  # its message names the field, and nothing else
        name = "TAPETUM_" + str(error).split('"')[1].upper()
        raise BadInputError(
            f"The setting {name} = {os.environ.get(name, '')[:80]!r} cannot be used: it is no JSON; "
            'write a list like ["one", "another"].'
        ) from None
    except ValueError as error:
        raise BadInputError(f"The settings in {file} cannot be read: {error}; write them as TOML.") from None


def _shown(name: str, value: object) -> str:
    """Passwords, also those inside of URLs, are not repeated."""
    return "…" if "password" in name or name in URLS else repr(str(value)[:80])
