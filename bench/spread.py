"""A database of thousands of blocs: one bloc's rows, copied under new ids into many homes."""
import sqlite3

HOMES = 80  # over which the copies are spread, as over authorities that have nothing to do with
#             each other

# Each table with the columns that get a new id in a copy. The copies of a bloc share nothing.
TABLES = {
    "unit": ("unit_id",),
    "bloc": ("bloc_id",),
    "bloc_authority": ("bloc_id",),
    "year": ("year_id", "bloc_id"),
    "member": ("year_id", "unit_id"),
    "year_role": ("year_id", "unit_id"),
    "sheet": ("year_id", "sheet_id", "unit_id", "rater"),
    "cell": ("year_id", "sheet_id"),
}
OF_HOME = ("home", "authority", "regulation")  # once for each home


def columns(connection, table):
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def chosen(table, site):
    """Which rows of the table are the bloc's."""
    home = f"t.home_id = '{site.home}'"
    year = f"{home} AND t.year_id = '{site.year}'"
    bloc = f"(SELECT bloc_id FROM year WHERE year_id = '{site.year}')"
    return {"unit": home + " AND t.unit_id IN (SELECT unit_id FROM member "
                           f"WHERE year_id = '{site.year}')",
            "bloc": f"{home} AND t.bloc_id = {bloc}",
            "bloc_authority": f"{home} AND t.bloc_id = {bloc}",
            "home": home, "authority": home, "regulation": home}.get(table, year)


def copied(connection, table, new):
    """The columns of a copy: ids get the number of the bloc, the home and codes that of theirs."""
    for column in columns(connection, table):
        if column == "home_id":
            yield "n.home"
        elif column in new:
            yield f"t.{column} || n.bloc"
        elif table == "unit" and column == "code":
            yield "t.code || '-' || n.bloc"
        else:
            yield f"t.{column}"


def spread(site, blocs):
    """Copy the site's bloc until there are so many; its server must not run."""
    connection = sqlite3.connect(site.data + "/thidua.db", isolation_level=None)
    run = connection.execute
    run("PRAGMA foreign_keys = OFF")
    run("PRAGMA synchronous = OFF")
    run("BEGIN")
    run("CREATE TEMP TABLE n (home TEXT, bloc TEXT)")
    # In the order of the keys, so that tables grow at their ends.
    connection.executemany("INSERT INTO n VALUES (?, ?)", sorted(
        (f"copy{at % HOMES:03}", f"{at:05}") for at in range(blocs - 1)))
    for table in OF_HOME:
        names = ", ".join(copied(connection, table, ()))
        run(f"INSERT INTO {table} SELECT {names} FROM (SELECT DISTINCT home FROM n) n, {table} t "
            f"WHERE {chosen(table, site)}")
    for table, new in TABLES.items():
        names = ", ".join(copied(connection, table, new))
        # CROSS JOIN keeps the order of the two.
        run(f"INSERT INTO {table} SELECT {names} FROM n CROSS JOIN {table} t "
            f"WHERE {chosen(table, site)}")
    run("COMMIT")
    broken = connection.execute("PRAGMA foreign_key_check").fetchone() if blocs < 1000 else None
    connection.close()
    if broken:
        raise SystemExit(f"bench: a copied bloc is broken: {broken}")
