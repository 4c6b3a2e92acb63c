"""The server: no telemetry, no request to others, so many kernels, the first towns at hand."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("solara")

import solara.server.settings as solara_settings
from solara.server import cdn_helper, kernel_context

from velfaerd_sim.dashboard import server
from velfaerd_sim.dashboard.compare.runs import BURN_INS, replicate_scenario
from velfaerd_sim.dashboard.compare.view import CompareView


def test_the_server_is_set_up_without_telemetry(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("VELFAERD_RESULTS", "")
    made = server.prepared("127.0.0.1", 0, tmp_path)
    assert made.host == "127.0.0.1"
    assert not solara_settings.telemetry.mixpanel_enable
    assert solara_settings.main.mode == "production"
    assert solara_settings.session.http_only, "scripts of a page can read the cookie"


def test_files_that_are_not_installed_are_not_fetched(tmp_path: Any) -> None:
    server.prepared("127.0.0.1", 0, tmp_path)
    with pytest.raises(FileNotFoundError):
        cdn_helper.get_path(tmp_path, "vue@2.7.10/dist/nothing.js")


def test_the_first_visitor_does_not_say_where_the_server_stands(tmp_path: Any) -> None:
    server.prepared("127.0.0.1", 0, tmp_path)
    assert solara_settings.main.root_path == ""


def test_kernels_are_limited_but_a_tab_comes_back_to_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = {f"kernel-{number}": None for number in range(server.MOST_KERNELS)}
    path = "/jupyter/api/kernels/{}/channels"
    monkeypatch.setattr(kernel_context, "contexts", held)
    assert not server.has_room(path.format("new"), [])
    assert server.has_room(path.format("kernel-7"), [])
    assert not server.has_room(path.format("kernel-7"), [path] * server.MOST_CONNECTIONS)
    held.popitem()
    assert server.has_room(path.format("new"), [])


def test_a_connection_counts_before_its_kernel_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {f"kernel-{number}": None for number in range(server.MOST_KERNELS - 1)}
    path = "/jupyter/api/kernels/{}/channels"
    monkeypatch.setattr(kernel_context, "contexts", held)
    on_the_way = [path.format("new")]
    assert not server.has_room(path.format("newer"), on_the_way)
    assert server.has_room(path.format("new"), on_the_way), "it has its place already"
    assert server.has_room(path.format("newer"), [path.format("kernel-7")]), "counted once"


def test_another_part_of_the_path_gets_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {f"kernel-{number}": None for number in range(server.MOST_KERNELS)}
    monkeypatch.setattr(kernel_context, "contexts", held)
    assert not server.has_room("/jupyter/api/kernels/new/kernel-7", [])
    assert not server.has_room("/kernel-7/jupyter/api/kernels/new/channels", [])


def test_the_first_view_needs_no_burn_in() -> None:
    server.warm_up()
    before = len(BURN_INS)
    for replicate in range(CompareView().replicates):
        BURN_INS.get(replicate_scenario(CompareView(), replicate))
    assert len(BURN_INS) == before
