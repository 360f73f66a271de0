/*
 * The power fails: is every acknowledged row of SQLite there afterwards, and no half use case?
 *
 * A layer below SQLite, its default VFS, keeps what was written to each file since its last sync.
 * At a cut, drawn by chance, every call begins to fail. The files are then set back to their last
 * sync, plus of the writes since all, none, or some, of which a few are torn at a sector, in any
 * order: what a disk may do. Files that were made or deleted since their folder was synced may be
 * there or not. Then the database is opened again and looked at. In some rounds the disk is full
 * for a while before: what is answered so must not be there.
 *
 *     power_cut [CUTS [SEED]]       default: 100 cuts, seed 1
 */
#include "db/db.h"
#include "db/statement.h"

#include "test_queries.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { SECTOR = 512, FILES_MAX = 8, THREADS = 4, ROWS_MAX = 4000, STEPS = 3 };

static void die(const char *what)
{
    (void)fprintf(stderr, "power_cut: %s\n", what);
    abort();
}

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            (void)fprintf(stderr, "line %d: ", __LINE__);                                          \
            die(#condition);                                                                       \
        }                                                                                          \
    } while (0)

/* ---- chance ---------------------------------------------------------------------------------- */

static uint64_t chance = 1;

static uint64_t draw(uint64_t below)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return chance % below;
}

/* ---- what the disk holds --------------------------------------------------------------------- */

struct image {
    unsigned char *bytes;
    size_t n;
    size_t room;
};

/* A write, or where bytes is NULL a truncation to `offset`. */
struct change {
    unsigned char *bytes;
    size_t n;
    size_t offset;
};

/* A file by its name, whether it is there or not. */
struct disk_file {
    char name[256];
    struct image synced;
    struct change *changes;
    size_t count;
    size_t room;
    bool is_there;  /* for SQLite */
    bool was_there; /* when its folder was last synced */
};

static struct {
    pthread_mutex_t lock;
    struct disk_file files[FILES_MAX];
    int count;
    long calls_left; /* until the cut; negative: no cut */
    long calls;
    long full_from; /* between these calls the disk is full */
    long full_to;
    bool is_cut;
    long syncs;
} disk = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void image_change(struct image *image, const struct change *change)
{
    size_t end = change->bytes == NULL ? change->offset : change->offset + change->n;

    if (end > image->room) {
        image->room = end * 2;
        image->bytes = realloc(image->bytes, image->room);
        CHECK(image->bytes != NULL);
    }
    if (end > image->n) {
        memset(image->bytes + image->n, 0, end - image->n);
    }
    if (end > image->n || change->bytes == NULL) {
        image->n = end;
    }
    if (change->bytes != NULL) {
        memcpy(image->bytes + change->offset, change->bytes, change->n);
    }
}

static void forget_changes(struct disk_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        free(file->changes[i].bytes);
    }
    file->count = 0;
}

static struct disk_file *file_of(const char *name)
{
    for (int i = 0; i < disk.count; i++) {
        if (strcmp(disk.files[i].name, name) == 0) {
            return &disk.files[i];
        }
    }
    CHECK(disk.count < FILES_MAX && strlen(name) < sizeof disk.files[0].name);
    struct disk_file *file = &disk.files[disk.count++];
    *file = (struct disk_file){.is_there = false};
    memcpy(file->name, name, strlen(name) + 1);
    return file;
}

static void add_change(struct disk_file *file, const void *bytes, size_t n, size_t offset)
{
    if (file->count == file->room) {
        file->room = file->room * 2 + 16;
        file->changes = realloc(file->changes, file->room * sizeof *file->changes);
        CHECK(file->changes != NULL);
    }
    struct change *change = &file->changes[file->count++];
    *change = (struct change){.n = n, .offset = offset};
    if (bytes != NULL) {
        change->bytes = malloc(n);
        CHECK(change->bytes != NULL);
        memcpy(change->bytes, bytes, n);
    }
}

/* Called for each call that changes or syncs; false from the cut on. With the lock held. */
static bool has_power(void)
{
    disk.calls++;
    if (disk.calls_left > 0) {
        disk.calls_left--;
        disk.is_cut = disk.is_cut || disk.calls_left == 0;
    }
    return !disk.is_cut;
}

static bool is_full(void)
{
    return disk.calls >= disk.full_from && disk.calls < disk.full_to;
}

/* ---- the layer ------------------------------------------------------------------------------- */

struct layer_file {
    sqlite3_file base;
    struct disk_file *disk; /* NULL: not one that outlives the process */
    sqlite3_file *real;
};

static sqlite3_vfs *real_vfs;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct layer_file *)file)->real;
}

static int layer_close(sqlite3_file *file)
{
    sqlite3_file *real = real_of(file);

    return real->pMethods == NULL ? SQLITE_OK : real->pMethods->xClose(real);
}

static int layer_read(sqlite3_file *file, void *to, int n, sqlite3_int64 offset)
{
    return real_of(file)->pMethods->xRead(real_of(file), to, n, offset);
}

static int layer_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 offset)
{
    struct disk_file *on_disk = ((struct layer_file *)file)->disk;
    int code = SQLITE_IOERR_WRITE;

    (void)pthread_mutex_lock(&disk.lock);
    if (has_power() && is_full()) {
        code = SQLITE_FULL;
    } else if (!disk.is_cut) {
        if (on_disk != NULL) {
            add_change(on_disk, from, (size_t)n, (size_t)offset);
        }
        code = real_of(file)->pMethods->xWrite(real_of(file), from, n, offset);
    }
    (void)pthread_mutex_unlock(&disk.lock);
    return code;
}

static int layer_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct disk_file *on_disk = ((struct layer_file *)file)->disk;
    int code = SQLITE_IOERR_TRUNCATE;

    (void)pthread_mutex_lock(&disk.lock);
    if (has_power()) {
        if (on_disk != NULL) {
            add_change(on_disk, NULL, 0, (size_t)size);
        }
        code = real_of(file)->pMethods->xTruncate(real_of(file), size);
    }
    (void)pthread_mutex_unlock(&disk.lock);
    return code;
}

static int layer_sync(sqlite3_file *file, int flags)
{
    struct disk_file *on_disk = ((struct layer_file *)file)->disk;
    int code = SQLITE_IOERR_FSYNC;

    (void)flags;
    (void)pthread_mutex_lock(&disk.lock);
    if (has_power()) {
        disk.syncs++;
        code = SQLITE_OK;
        if (on_disk != NULL) {
            for (size_t i = 0; i < on_disk->count; i++) {
                image_change(&on_disk->synced, &on_disk->changes[i]);
            }
            forget_changes(on_disk);
            /* SQLite's own layer syncs the folder with the first sync of a file it made. */
            on_disk->was_there = true;
        }
    }
    (void)pthread_mutex_unlock(&disk.lock);
    return code;
}

static int layer_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int layer_lock(sqlite3_file *file, int lock)
{
    return real_of(file)->pMethods->xLock(real_of(file), lock);
}

static int layer_unlock(sqlite3_file *file, int lock)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), lock);
}

static int layer_check(sqlite3_file *file, int *out)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}

static int layer_control(sqlite3_file *file, int op, void *argument)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), op, argument);
}

static int layer_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

/* This disk promises nothing beyond the least. */
static int layer_traits(sqlite3_file *file)
{
    (void)file;
    return 0;
}

static int layer_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, out);
}

static int layer_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}

static void layer_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int layer_shm_unmap(sqlite3_file *file, int delete)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), delete);
}

static const sqlite3_io_methods layer_methods = {
    .iVersion = 2,
    .xClose = layer_close,
    .xRead = layer_read,
    .xWrite = layer_write,
    .xTruncate = layer_truncate,
    .xSync = layer_sync,
    .xFileSize = layer_size,
    .xLock = layer_lock,
    .xUnlock = layer_unlock,
    .xCheckReservedLock = layer_check,
    .xFileControl = layer_control,
    .xSectorSize = layer_sector,
    .xDeviceCharacteristics = layer_traits,
    .xShmMap = layer_shm_map,
    .xShmLock = layer_shm_lock,
    .xShmBarrier = layer_shm_barrier,
    .xShmUnmap = layer_shm_unmap,
};

static int layer_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    struct layer_file *layer = (struct layer_file *)file;
    int lasting = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;

    (void)vfs;
    *layer = (struct layer_file){.real = (sqlite3_file *)(layer + 1)};
    (void)pthread_mutex_lock(&disk.lock);
    int code = disk.is_cut ? SQLITE_CANTOPEN : SQLITE_OK;
    if (code == SQLITE_OK) {
        code = real_vfs->xOpen(real_vfs, name, layer->real, flags, out);
    }
    if (code == SQLITE_OK) {
        file->pMethods = &layer_methods;
        if (name != NULL && (flags & lasting) != 0) {
            layer->disk = file_of(name);
            layer->disk->is_there = true;
        }
    }
    (void)pthread_mutex_unlock(&disk.lock);
    return code;
}

static int layer_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    int code = SQLITE_IOERR_DELETE;

    (void)vfs;
    (void)pthread_mutex_lock(&disk.lock);
    if (has_power()) {
        struct disk_file *file = file_of(name);

        code = real_vfs->xDelete(real_vfs, name, sync);
        file->is_there = false;
        if (sync != 0) {
            file->was_there = false;
        }
    }
    (void)pthread_mutex_unlock(&disk.lock);
    return code;
}

static void install(void)
{
    static sqlite3_vfs layer;

    real_vfs = sqlite3_vfs_find(NULL);
    layer = *real_vfs;
    layer.zName = "layer";
    layer.pNext = NULL;
    layer.szOsFile = (int)sizeof(struct layer_file) + real_vfs->szOsFile;
    layer.xOpen = layer_open;
    layer.xDelete = layer_delete;
    CHECK(sqlite3_vfs_register(&layer, 1) == SQLITE_OK);
}

/* ---- the cut --------------------------------------------------------------------------------- */

static void write_image(const char *name, const struct image *image)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    CHECK(fd >= 0);
    CHECK(write(fd, image->bytes, image->n) == (ssize_t)image->n);
    (void)close(fd);
}

/* Some of what was written since the last sync reaches the disk. */
static void fall_back(struct disk_file *file)
{
    uint64_t how = draw(4);

    for (size_t i = 0; i < file->count; i++) {
        struct change part = file->changes[i];

        if (how == 0 || (how > 1 && draw(2) == 0)) {
            continue; /* none, or not this one */
        }
        if (how == 3 && part.bytes != NULL && draw(4) == 0) {
            /* Torn: some of its sectors, from the beginning or from the end. */
            size_t sectors = part.n / SECTOR;
            size_t kept = sectors > 0 ? (size_t)draw(sectors) * SECTOR : 0;

            if (draw(2) == 0) {
                part.bytes += part.n - kept;
                part.offset += part.n - kept;
            }
            part.n = kept;
        }
        image_change(&file->synced, &part);
    }
    forget_changes(file);
    bool is_there = file->is_there == file->was_there ? file->is_there : draw(2) == 0;
    if (is_there) {
        write_image(file->name, &file->synced);
    } else {
        (void)unlink(file->name);
        file->synced.n = 0;
    }
    file->is_there = file->was_there = is_there;
}

/* ---- the load -------------------------------------------------------------------------------- */

/* A use case: STEPS counters of one name and their sum. Whole or not at all. */
struct row {
    char name[32];
    int64_t value;
    int status;
};

struct load {
    struct db *db;
    int thread;
    int count;
    struct row rows[ROWS_MAX];
    atomic_bool *stop;
};

static int load_work(struct db_tx *tx, void *data)
{
    const struct row *row = data;
    int status = TD_OK;

    for (int i = 0; i < STEPS && status == TD_OK; i++) {
        char name[48];

        (void)snprintf(name, sizeof name, "%s.%d", row->name, i);
        status = q_counter_set(
            tx, &(struct counter_set_in){.home_id = "cut", .name = name, .value = row->value},
            NULL);
    }
    return status;
}

/* How many of the row's counters are there. */
static int count_steps(struct db_tx *tx, const struct row *row, int *ret)
{
    *ret = 0;
    for (int step = 0; step < STEPS; step++) {
        struct counter_get_row got;
        bool found = false;
        char name[48];

        (void)snprintf(name, sizeof name, "%s.%d", row->name, step);
        int status = q_counter_get(tx, &(struct counter_get_in){.home_id = "cut", .name = name},
                                   &got, &found);
        if (status != TD_OK) {
            return status;
        }
        *ret += found && got.value == row->value;
    }
    return TD_OK;
}

/* Nothing of what was refused may be seen. (Should the power fail before anything else is written,
 * it may be there: its last page may have been written, and then found no room to be synced.) */
static int refused_work(struct db_tx *tx, void *data)
{
    int there = 0;
    int status = count_steps(tx, data, &there);

    CHECK(status != TD_OK || there == 0);
    return status;
}

static void *load_main(void *data)
{
    struct load *load = data;
    struct td_arena *arena = td_arena_new((size_t)1024 * 1024);

    CHECK(arena != NULL);
    while (!atomic_load(load->stop) && load->count < ROWS_MAX) {
        struct row *row = &load->rows[load->count];
        int status = db_transact(load->db, DB_WRITE, arena, load_work, row);

        row->status = status;
        load->count++;
        if (status == DB_E_FULL) {
            status = db_transact(load->db, DB_READ, arena, refused_work, row);
        }
        if (status != TD_OK) {
            break;
        }
    }
    td_arena_free(arena);
    return NULL;
}

struct look {
    const struct load *loads;
    long acknowledged;
    long refused;
};

static int look_work(struct db_tx *tx, void *data)
{
    struct look *look = data;

    for (int t = 0; t < THREADS; t++) {
        for (int i = 0; i < look->loads[t].count; i++) {
            const struct row *row = &look->loads[t].rows[i];
            int there = 0;

            CHECK(count_steps(tx, row, &there) == TD_OK);
            CHECK(there == 0 || there == STEPS);
            CHECK(there == STEPS || row->status != TD_OK);
            look->acknowledged += row->status == TD_OK;
            look->refused += row->status == DB_E_FULL;
        }
    }
    return TD_OK;
}

static void check_integrity(const char *path)
{
    sqlite3 *handle = NULL;
    sqlite3_stmt *statement = NULL;

    CHECK(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, "unix") == SQLITE_OK);
    CHECK(sqlite3_prepare_v2(handle, "PRAGMA integrity_check", -1, &statement, NULL) == SQLITE_OK);
    CHECK(sqlite3_step(statement) == SQLITE_ROW);
    CHECK(strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0);
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(handle);
}

/* ---- one cut --------------------------------------------------------------------------------- */

static struct db *open_db(const char *path)
{
    struct db *db = NULL;
    struct db_detail detail;
    int applied = 0;
    int status = db_open(path, &DB_OPTIONS, &db, &detail);

    if (status == TD_OK) {
        status = db_migrate(db, &applied, &detail);
    }
    if (status != TD_OK && !disk.is_cut) {
        die(detail.text);
    }
    if (status != TD_OK) {
        db_close(db);
        return NULL;
    }
    return db;
}

/* From now on there is no database. */
static void forget_files(void)
{
    for (int i = 0; i < disk.count; i++) {
        (void)unlink(disk.files[i].name);
        forget_changes(&disk.files[i]);
        free(disk.files[i].changes);
        free(disk.files[i].synced.bytes);
    }
    disk.count = 0;
}

static struct look cut_once(const char *path, int number)
{
    static struct load loads[THREADS];
    pthread_t threads[THREADS];
    atomic_bool stop = false;
    char shm[300];

    (void)snprintf(shm, sizeof shm, "%s-shm", path);
    disk.is_cut = false;
    disk.calls_left = 1 + (long)draw(9000); /* a few hundred writes are a checkpoint */
    if (number % 2 == 0) {
        /* While it is made and migrated, or soon after. */
        forget_files();
        disk.calls_left = 1 + (long)draw(120);
    }
    struct db *db = open_db(path);
    if (db != NULL && draw(3) == 0) {
        (void)pthread_mutex_lock(&disk.lock);
        disk.full_from = disk.calls + (long)draw(3000);
        disk.full_to = disk.full_from + (long)draw(100);
        (void)pthread_mutex_unlock(&disk.lock);
    }
    for (int t = 0; t < THREADS; t++) {
        loads[t].count = 0;
        loads[t].db = db;
        loads[t].stop = &stop;
        for (int i = 0; db != NULL && i < ROWS_MAX; i++) {
            loads[t].rows[i].value = (int64_t)number * 10000 + i;
            (void)snprintf(loads[t].rows[i].name, sizeof loads[t].rows[i].name, "%d.%d.%d",
                           number % 2, t, i % 200);
        }
        if (db != NULL) {
            CHECK(pthread_create(&threads[t], NULL, load_main, &loads[t]) == 0);
        }
    }
    for (int t = 0; t < THREADS && db != NULL; t++) {
        (void)pthread_join(threads[t], NULL);
    }
    db_close(db);
    disk.is_cut = true;
    for (int i = 0; i < disk.count; i++) {
        fall_back(&disk.files[i]);
    }
    (void)unlink(shm); /* it lived in memory */

    /* Names come again after 200, so the last 150 of each thread are looked at. */
    disk.is_cut = false;
    disk.calls_left = -1;
    disk.full_to = 0;
    db = open_db(path);
    struct look look = {.loads = loads};
    for (int t = 0; t < THREADS; t++) {
        int first = loads[t].count > 150 ? loads[t].count - 150 : 0;

        memmove(loads[t].rows, loads[t].rows + first,
                (size_t)(loads[t].count - first) * sizeof loads[t].rows[0]);
        loads[t].count -= first;
    }
    struct td_arena *arena = td_arena_new((size_t)64 * 1024 * 1024);
    CHECK(arena != NULL);
    CHECK(db_transact(db, DB_READ, arena, look_work, &look) == TD_OK);
    td_arena_free(arena);
    db_close(db);
    check_integrity(path);
    return look;
}

static long number_of(const char *text)
{
    long number = 0;

    for (; *text >= '0' && *text <= '9'; text++) {
        number = number * 10 + (*text - '0');
    }
    return number;
}

int main(int argc, char **argv)
{
    long cuts = argc > 1 ? number_of(argv[1]) : 100;
    char folder[] = P_tmpdir "/thidua-cut-XXXXXX";
    char path[sizeof folder + 16];
    long acknowledged = 0;
    long refused = 0;

    chance = argc > 2 ? (uint64_t)number_of(argv[2]) * 2654435761u + 1 : 88172645463325252u;
    CHECK(mkdtemp(folder) != NULL);
    (void)snprintf(path, sizeof path, "%s/cut.db", folder);
    install();
    for (int i = 0; i < cuts; i++) {
        struct look look = cut_once(path, i + 1);

        acknowledged += look.acknowledged;
        refused += look.refused;
    }
    forget_files();
    CHECK(rmdir(folder) == 0);
    (void)printf("%ld cuts, %ld syncs; %ld acknowledged use cases looked at, all there; %ld that "
                 "found no room, none seen\n",
                 cuts, disk.syncs, acknowledged, refused);
    /* Otherwise this showed nothing. */
    CHECK(acknowledged > cuts && disk.syncs > cuts && refused > 0);
    return 0;
}
