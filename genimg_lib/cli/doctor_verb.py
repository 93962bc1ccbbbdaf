"""The verb `genimg doctor`: is this machine ready for the course?"""


def add_verbs(commands) -> None:
    """Adds the verb to the subparsers of `genimg`."""
    command = commands.add_parser(
        "doctor", help="look whether the course will run here, and print a code for the teacher"
    )
    command.set_defaults(run=run_doctor)
    command.add_argument(
        "--read",
        nargs="+",
        metavar="CODE",
        help="check codes that learners sent, the machines that need help first",
    )


def run_doctor(chosen) -> int:
    # here, since it reads MNIST and asks psutil: no other command has to import what that needs
    from genimg_lib.practice import doctor

    if chosen.read:
        return read(chosen.read, doctor.is_code)
    found = []
    for finding in doctor.findings():
        print(f"[{doctor.MARKS[finding.state]}] {finding.said}", flush=True)
        found.append(finding)
    print(f"\nFor your teacher: {doctor.code(found)}")
    return int(any(finding.state == "bad" for finding in found))


def read(codes: list[str], is_code) -> int:
    """Prints the codes, those that need help first; returns 1 if there are such.

    `is_code` says whether one is as `doctor` printed it.
    """
    order = {"bad": 0, "note": 1, "ok": 2}
    mistyped = [code for code in codes if not is_code(code)]
    known = [code.strip() for code in codes if code not in mistyped]
    for code in sorted(known, key=lambda code: order[code.split("/")[0]]):
        print("  ".join(code.split("/")[:-1]))
    for code in mistyped:
        print(f"mistyped: {code}")
    return int(bool(mistyped) or any(code.startswith("bad/") for code in known))
