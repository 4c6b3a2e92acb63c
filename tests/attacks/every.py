"""All attacks, by the promise that they try."""

from __future__ import annotations

from attacks import dashboard, folders, inputs, machines, records
from attacks.attack import Attack
from attacks.folders import KINDS, SINGLE

READ = "Whatever is read is taken, or refused in one sentence that says what is allowed"
RECORDS = "A record that was damaged is told in one sentence, and can be replaced"
WHOLE = "What is told as complete is complete, and nothing that was done is lost"
VERIFIED = "Whatever is changed in a folder is found by `velfaerd verify`, or named as not covered"
APART = "Two programs do not write in one folder"
BOUNDED = "Input is bounded before it is parsed, in time and memory"
OWN = "The dashboard answers its own pages only, and takes nothing that is no message of theirs"
STAGED = tuple(kind for kind in KINDS if kind != SINGLE)
"""Kinds of more than one task, which can be under way."""

ATTACKS = (
    Attack(
        "files",
        READ,
        "A file of any form, changed in values, lines and bytes",
        inputs.a_file,
        700,
        13_000,
    ),
    Attack(
        "options",
        READ,
        "A command with options of any values, on a dry run",
        inputs.a_command_line,
        40,
        2_000,
    ),
    Attack(
        "records",
        RECORDS,
        "The record of a finished study of any kind, changed in values and text, and read",
        records.a_record,
        8 * len(KINDS),
        1_000 * len(KINDS),
        over=KINDS,
    ),
    Attack(
        "contents",
        RECORDS,
        "A part, table, file of claims, worlds or plan in such a folder, changed, and read",
        records.a_file_of_a_study,
        3 * len(KINDS),
        1_000,
        over=KINDS,
    ),
    Attack(
        "frames",
        OWN,
        "A frame of a browser, changed in claims and bytes",
        inputs.a_frame,
        100,
        20_000,
    ),
    Attack(
        "headers", OWN, "A host and an origin, written in any way", inputs.a_header, 250, 20_000
    ),
    Attack(
        "bombs",
        BOUNDED,
        "A file of up to two million keys, values or brackets, read with 400 MB of memory",
        machines.bombs,
        3,
        200,
        possible=machines.no_proc,
    ),
    Attack(
        "memory",
        BOUNDED,
        "A dashboard in mixed use for minutes, with sessions that open and close",
        dashboard.grown_in_use,
        0,
        1,
        possible=dashboard.no_pages,
    ),
    Attack(
        "kill",
        WHOLE,
        "A study of any kind, killed with kill -9 at any moment and gone on with",
        folders.killed,
        3,
        60,
        over=KINDS,
    ),
    Attack(
        "signals",
        WHOLE,
        "A study of any kind, stopped by SIGTERM, SIGHUP or Ctrl-C and gone on with",
        folders.stopped,
        len(KINDS),
        10 * len(KINDS),
        over=KINDS,
    ),
    Attack(
        "failing_rows",
        WHOLE,
        "A study of any kind with a row that fails and is tried again",
        folders.failing_rows,
        2,
        60,
        over=KINDS,
    ),
    Attack(
        "damaged_parts",
        WHOLE,
        "A finished study of any kind, a file of its rows damaged or gone, carried out again",
        folders.damaged_parts,
        3,
        120,
        over=KINDS,
    ),
    Attack(
        "filling_disk",
        WHOLE,
        "A study of any kind on a disk that fills, gone on with once there is room",
        machines.filling_disk,
        3,
        60,
        over=KINDS,
        possible=machines.no_mounts,
    ),
    Attack(
        "dask_worker",
        WHOLE,
        "A study of any kind on a Dask cluster of which a worker is killed with kill -9",
        machines.killed_worker,
        0,
        len(STAGED),
        over=STAGED,
        possible=machines.no_dask,
    ),
    Attack(
        "dask_scheduler",
        WHOLE,
        "The same with the scheduler killed, gone on with on this machine",
        machines.killed_scheduler,
        0,
        len(STAGED),
        over=STAGED,
        possible=machines.no_dask,
    ),
    Attack(
        "tampering",
        VERIFIED,
        "A finished study of any kind, one of its files changed or gone, verified",
        folders.tampering,
        20,
        600,
        over=KINDS,
    ),
    Attack(
        "two_writers",
        APART,
        "A study opened while another writes there",
        folders.two_writers,
        20,
        500,
        over=KINDS,
    ),
)
