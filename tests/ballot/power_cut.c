/*
 * The power fails: is every acknowledged ballot in the archive afterwards, and does it hold?
 *
 * The linker puts this file between the archive's code and the kernel (ld --wrap). It passes every
 * call on, and keeps for each file what was on the disk at its last fsync and what was written
 * since; and for the folder which names were there when it was last synced. At a call drawn by
 * chance the power fails, and every call fails from then on. Then a folder is made of what a disk
 * may hold: each file as it was synced, with of the later writes all, none or some sectors, others
 * zero; names that were made or taken away since the folder's last sync are there or not. A box is
 * opened there, as after a restart.
 *
 * In half of the rounds the program is first killed, at another call and in the middle of a write,
 * and a second one goes on with what the kernel still has: what that one answers for must be on the
 * disk too, whoever wrote it.
 *
 * In half of the rounds an fsync fails once before, as on a disk with a bad sector: what was
 * written since the last one stays in the machine's memory only, and the next fsync says that all
 * is well. Whoever votes then sends the ballot again.
 *
 *     power_cut [CUTS [SEED]]       default: 60 cuts, seed 1
 */
#include "ballot/ballot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum {
    SECTOR = 512,
    INODES_MAX = 16,
    NAMES_MAX = 16,
    FDS_MAX = 64,
    BALLOTS = 4,
    TEXT_MAX = 200000
};

#define MEMORY ((size_t)64 * 1024 * 1024)
#define NOW 1769846400

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

static long number_of(const char *digits)
{
    long n = 0;

    for (; *digits >= '0' && *digits <= '9'; digits++) {
        n = n * 10 + (*digits - '0');
    }
    return n;
}

static uint64_t chance = 1;

static uint64_t draw(uint64_t below)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return chance % below;
}

/* ---- what the disk holds --------------------------------------------------------------------- */

/* A write, or where bytes is NULL a truncation to `at`. */
struct change {
    unsigned char *bytes;
    size_t at, n;
};

struct image {
    unsigned char bytes[TEXT_MAX];
    size_t n;
};

struct inode {
    struct image synced;
    struct change changes[32];
    size_t count;
};

/* A name in the folder, and what it stands for; -1: nothing. */
struct name {
    char text[64];
    int now, synced;
};

static struct {
    char folder[64]; /* calls about others are passed on unseen */
    struct inode inodes[INODES_MAX];
    int inode_count;
    struct name names[NAMES_MAX];
    int name_count;
    int of_fd[FDS_MAX]; /* inode + 1; -1: the folder; 0: nothing of ours */
    long calls, calls_left;
    long syncs_left;      /* until one fails; 0: none does */
    bool is_length_stuck; /* after it: a truncation fails too, once */
    bool is_dead;         /* killed, or without power */
} disk;

static void image_write(struct image *image, const unsigned char *bytes, size_t at, size_t n)
{
    CHECK(at + n <= TEXT_MAX);
    if (at + n > image->n) {
        memset(image->bytes + image->n, 0, at + n - image->n);
        image->n = at + n;
    }
    if (bytes != NULL) {
        memcpy(image->bytes + at, bytes, n);
    }
}

static void apply(struct image *image, const struct change *change, bool is_some)
{
    if (change->bytes == NULL) {
        image->n = change->at < image->n ? change->at : image->n;
        return;
    }
    if (!is_some) {
        image_write(image, change->bytes, change->at, change->n);
        return;
    }
    for (size_t at = 0; at < change->n;) {
        size_t n = SECTOR - (change->at + at) % SECTOR;
        n = n < change->n - at ? n : change->n - at;
        if (draw(2) == 0) {
            image_write(image, change->bytes + at, change->at + at, n);
        }
        at += n;
    }
    if (draw(2) == 0) {
        /* The length reached the disk, and not all that is in it. */
        image_write(image, NULL, change->at, change->n);
    }
}

static void inode_sync(struct inode *inode)
{
    for (size_t i = 0; i < inode->count; i++) {
        apply(&inode->synced, &inode->changes[i], false);
        free(inode->changes[i].bytes);
    }
    inode->count = 0;
}

/* The writes never come to the disk; their length may. */
static void inode_lose(struct inode *inode)
{
    for (size_t i = 0; i < inode->count; i++) {
        const struct change *change = &inode->changes[i];
        if (change->bytes == NULL) {
            apply(&inode->synced, change, false);
        } else if (draw(2) == 0) {
            image_write(&inode->synced, NULL, change->at, change->n);
        }
        free(change->bytes);
    }
    inode->count = 0;
}

static void inode_change(struct inode *inode, const void *bytes, size_t at, size_t n)
{
    CHECK(inode->count < sizeof inode->changes / sizeof *inode->changes);
    struct change *change = &inode->changes[inode->count++];
    *change = (struct change){.at = at, .n = n};
    if (bytes != NULL) {
        change->bytes = malloc(n + 1);
        CHECK(change->bytes != NULL);
        memcpy(change->bytes, bytes, n);
    }
}

static struct name *name_of(const char *path)
{
    size_t n = strlen(disk.folder);

    if (n == 0 || strncmp(path, disk.folder, n) != 0 || path[n] != '/') {
        return NULL;
    }
    const char *text = path + n + 1;
    for (int i = 0; i < disk.name_count; i++) {
        if (strcmp(disk.names[i].text, text) == 0) {
            return &disk.names[i];
        }
    }
    CHECK(disk.name_count < NAMES_MAX && strlen(text) < sizeof disk.names[0].text);
    struct name *name = &disk.names[disk.name_count++];
    *name = (struct name){.now = -1, .synced = -1};
    memcpy(name->text, text, strlen(text) + 1);
    return name;
}

/* Called for each call that changes or syncs something of ours. */
static bool is_dead(void)
{
    disk.calls++;
    if (disk.calls_left > 0 && --disk.calls_left == 0) {
        disk.is_dead = true;
    }
    return disk.is_dead;
}

/* ---- the calls ------------------------------------------------------------------------------- */

/* The names are the linker's. NOLINTBEGIN(bugprone-reserved-identifier,cert-*) */

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __real_close(int fd);
int __wrap_close(int fd);
ssize_t __real_pwrite64(int fd, const void *bytes, size_t n, off_t at);
ssize_t __wrap_pwrite64(int fd, const void *bytes, size_t n, off_t at);
int __real_ftruncate64(int fd, off_t n);
int __wrap_ftruncate64(int fd, off_t n);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_link(const char *from, const char *to);
int __wrap_link(const char *from, const char *to);
int __real_unlink(const char *path);
int __wrap_unlink(const char *path);

static int failed(void)
{
    errno = EIO;
    return -1;
}

static struct inode *inode_of(int fd)
{
    return fd >= 0 && fd < FDS_MAX && disk.of_fd[fd] > 0 ? &disk.inodes[disk.of_fd[fd] - 1] : NULL;
}

int __wrap_open64(const char *path, int flags, ...)
{
    struct name *name = name_of(path);
    bool is_new = name != NULL && name->now < 0 && (flags & O_CREAT) != 0;
    va_list args;

    va_start(args, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;
    va_end(args);
    if ((is_new && is_dead()) || (name != NULL && disk.is_dead)) {
        return failed();
    }
    int fd = __real_open64(path, flags, mode);
    CHECK(fd < FDS_MAX);
    if (fd >= 0) {
        disk.of_fd[fd] = strcmp(path, disk.folder) == 0 ? -1 : 0;
    }
    if (fd >= 0 && name != NULL) {
        if (is_new) {
            CHECK(disk.inode_count < INODES_MAX);
            name->now = disk.inode_count++;
        }
        disk.of_fd[fd] = name->now + 1;
    }
    return fd;
}

int __wrap_close(int fd)
{
    if (fd >= 0 && fd < FDS_MAX) {
        disk.of_fd[fd] = 0;
    }
    return __real_close(fd);
}

ssize_t __wrap_pwrite64(int fd, const void *bytes, size_t n, off_t at)
{
    struct inode *inode = inode_of(fd);

    if (inode != NULL && disk.is_dead) {
        return failed();
    }
    if (inode != NULL && is_dead()) {
        n = draw(n + 1); /* so far it came */
    }
    if (inode != NULL && n > 0) {
        inode_change(inode, bytes, (size_t)at, n);
    }
    ssize_t wrote = __real_pwrite64(fd, bytes, n, at);
    return inode != NULL && disk.is_dead ? failed() : wrote;
}

int __wrap_ftruncate64(int fd, off_t n)
{
    struct inode *inode = inode_of(fd);

    if (inode != NULL && is_dead()) {
        return failed();
    }
    if (inode != NULL && disk.is_length_stuck) {
        disk.is_length_stuck = false;
        return failed();
    }
    if (inode != NULL) {
        inode_change(inode, NULL, (size_t)n, 0);
    }
    return __real_ftruncate64(fd, n);
}

int __wrap_fsync(int fd)
{
    struct inode *inode = inode_of(fd);
    bool is_folder = fd >= 0 && fd < FDS_MAX && disk.of_fd[fd] < 0;

    if ((inode != NULL || is_folder) && is_dead()) {
        return failed();
    }
    if ((inode != NULL || is_folder) && disk.syncs_left > 0 && --disk.syncs_left == 0) {
        if (inode != NULL) {
            inode_lose(inode);
            disk.is_length_stuck = draw(2) == 0;
        }
        return failed();
    }
    if (inode != NULL) {
        inode_sync(inode);
    }
    for (int i = 0; is_folder && i < disk.name_count; i++) {
        disk.names[i].synced = disk.names[i].now;
    }
    return __real_fsync(fd);
}

int __wrap_link(const char *from, const char *to)
{
    struct name *old = name_of(from), *new = name_of(to);

    if (new != NULL && is_dead()) {
        return failed();
    }
    int done = __real_link(from, to);
    if (done == 0 && old != NULL && new != NULL) {
        new->now = old->now;
    }
    return done;
}

int __wrap_unlink(const char *path)
{
    struct name *name = name_of(path);

    if (name != NULL && is_dead()) {
        return failed();
    }
    if (name != NULL) {
        name->now = -1;
    }
    return __real_unlink(path);
}

/* NOLINTEND(bugprone-reserved-identifier,cert-*) */

/* A folder of what the disk may hold. */
static void rebuild(const char *folder)
{
    static struct image image;

    CHECK(mkdir(folder, 0700) == 0);
    for (int i = 0; i < disk.name_count; i++) {
        const struct name *name = &disk.names[i];
        int at = draw(2) == 0 ? name->now : name->synced;
        char path[200];
        if (at < 0) {
            continue;
        }
        struct inode *inode = &disk.inodes[at];
        image = inode->synced;
        uint64_t how = draw(3);
        for (size_t j = 0; how != 0 && j < inode->count; j++) {
            apply(&image, &inode->changes[j], how == 1);
        }
        (void)snprintf(path, sizeof path, "%s/%s", folder, name->text);
        FILE *file = fopen(path, "wb");
        CHECK(file != NULL && fwrite(image.bytes, 1, image.n, file) == image.n);
        CHECK(fclose(file) == 0);
    }
}

static void new_disk(const char *folder)
{
    for (int i = 0; i < disk.inode_count; i++) {
        inode_sync(&disk.inodes[i]);
    }
    memset(&disk, 0, sizeof disk);
    memcpy(disk.folder, folder, strlen(folder) + 1);
}

/* ---- the election ---------------------------------------------------------------------------- */

static const char draft[] =
    "{\"description\":\"\",\"name\":\"N\",\"questions\":[{\"answers\":[\"A\"]"
    ",\"min\":0,\"max\":1,\"question\":\"Q\"}]}";

static struct {
    struct group *group;
    struct td_arena *arena;
    char uuid[TOKEN_TEXT];
    struct election election;
    struct trustee keys[2];
    struct trustees trustees;
    struct element items[BALLOTS];
    struct credentials credentials;
    struct buf ballots[BALLOTS];
    char trackers[BALLOTS][DIGEST_BASE64];
    bool is_acknowledged[BALLOTS];
    bool is_opened; /* whoever opened it was told so */
    bool is_once;
    long rounds_cut_in_casting, rounds_of_failure, rounds_failed, more, torn;
} held;

static void clear(const char *folder)
{
    char path[200];

    (void)snprintf(path, sizeof path, "%s/%s.bel", folder, held.uuid);
    (void)__real_unlink(path);
    (void)snprintf(path, sizeof path, "%s/.%s.new", folder, held.uuid);
    (void)__real_unlink(path);
    (void)snprintf(path, sizeof path, "%s/once", folder);
    (void)__real_unlink(path);
    for (int i = 1; i < NAMES_MAX; i++) {
        (void)snprintf(path, sizeof path, "%s/%s.bel.cut-%d", folder, held.uuid, i);
        (void)__real_unlink(path);
    }
    CHECK(rmdir(folder) == 0);
}

static int set_up(struct box *box, const char *folder)
{
    struct box_setup setup = {.folder = folder,
                              .now = NOW,
                              .election = &held.election,
                              .trustees = &held.trustees,
                              .credentials = &held.credentials,
                              .is_once = held.is_once};

    return box_create(box, held.group, held.arena, &setup);
}

/* What all rounds share: the election, and a ballot of each card. */
static void prepare(const char *folder)
{
    struct scalar secrets[BALLOTS], key;
    struct td_mark mark;
    struct box box;

    held.group = group_new();
    held.arena = td_arena_new(MEMORY);
    CHECK(held.group != NULL && held.arena != NULL);
    token_new(held.group, held.uuid);
    CHECK(election_draft(held.group, held.arena, draft, strlen(draft), held.uuid, &held.election));
    held.trustees = (struct trustees){2, held.keys};
    held.credentials = (struct credentials){BALLOTS, held.items};
    for (int i = 0; i < 2; i++) {
        trustee_new(held.group, &key, &held.keys[i]);
    }
    for (int i = 0; i < BALLOTS; i++) {
        scalar_random(held.group, &secrets[i]);
        group_raise_secret(held.group, &secrets[i], &held.items[i]);
    }
    mark = td_arena_mark(held.arena);
    CHECK(mkdir(folder, 0700) == 0 && set_up(&box, folder) == TD_OK);
    for (int i = 0; i < BALLOTS; i++) {
        const bool choice[] = {i % 2 == 0};
        buf_init(&held.ballots[i], TEXT_MAX);
        CHECK(paper_make(held.group, held.arena, &box.ledger.election, &secrets[i], choice,
                         &held.ballots[i], held.trackers[i]) == TD_OK);
    }
    box_close(&box);
    td_arena_rewind(held.arena, mark);
}

static bool cast(struct box *box, int i)
{
    char tracker[DIGEST_BASE64];

    struct refusal refusal =
        box_take(box, buf_string(&held.ballots[i]), buf_length(&held.ballots[i]), tracker);
    if (refusal.code == NULL) {
        CHECK(strcmp(tracker, held.trackers[i]) == 0);
        held.is_acknowledged[i] = true;
    }
    return refusal.code == NULL;
}

/* It opens the election or goes on with it, and takes ballots until one fails, or all are there. */
static bool take_all(const char *folder)
{
    struct td_mark mark = td_arena_mark(held.arena);
    char path[200];
    struct box box;

    (void)snprintf(path, sizeof path, "%s/%s.bel", folder, held.uuid);
    bool is_new = access(path, F_OK) != 0;
    int status = is_new ? set_up(&box, folder) : box_open(&box, held.group, held.arena, path);
    /* Whoever opened it is never told that it isn't open when it is. */
    bool is_open = access(path, F_OK) == 0;
    CHECK(!is_new || is_open == (status >= TD_OK)); /* ARCHIVE_UNSURE is no error */
    bool is_right = status == TD_OK;
    held.is_opened = held.is_opened || is_right;
    /* One after the other; the first again at the end, as a voter does who got no answer. */
    for (int i = 0; is_right && i <= BALLOTS; i++) {
        /* Where it failed it is sent again at once, to the same box. */
        is_right = cast(&box, i % BALLOTS);
        if (!is_right) {
            is_right = cast(&box, i % BALLOTS);
        }
    }
    box_close(&box);
    td_arena_rewind(held.arena, mark);
    return is_right;
}

/* One program's life, until it dies. What fails is tried anew, with a new box. */
static void live(const char *folder)
{
    for (int i = 0; i < 3 && !disk.is_dead; i++) {
        if (take_all(folder)) {
            return;
        }
    }
    held.rounds_failed += !disk.is_dead;
}

static bool is_there(const struct ledger *ledger, int i)
{
    return ledger_find_ballot(ledger, held.trackers[i]) != NULL;
}

/* After the restart. */
static void look(const char *folder)
{
    struct td_mark mark = td_arena_mark(held.arena);
    struct verify_options options = {.uuid = held.uuid};
    const char *bytes = NULL;
    char path[200];
    struct ledger ledger;
    struct stat before, after;
    struct box box;
    size_t n = 0;

    (void)snprintf(path, sizeof path, "%s/%s.bel", folder, held.uuid);
    bool has_archive = access(path, F_OK) == 0;
    CHECK(has_archive || !held.is_opened);
    CHECK(!has_archive || stat(path, &before) == 0);
    /* Without an archive the election is simply opened again. */
    int status = has_archive ? box_open(&box, held.group, held.arena, path) : set_up(&box, folder);
    CHECK(status == TD_OK && box.is_once == held.is_once);
    for (int i = 0; i < BALLOTS; i++) {
        CHECK(!held.is_acknowledged[i] || is_there(&box.ledger, i));
        held.more += !held.is_acknowledged[i] && is_there(&box.ledger, i);
    }
    CHECK(stat(path, &after) == 0);
    held.torn += has_archive && after.st_size < before.st_size;
    for (int i = 0; i < BALLOTS; i++) {
        CHECK(cast(&box, i));
    }
    CHECK((box_end(&box).code == NULL) == (box.writer.cut == 0));
    if (box.writer.cut > 0) {
        box.writer.cut = 0; /* somebody has looked */
        CHECK(box_end(&box).code == NULL);
    }
    box_close(&box);
    CHECK(archive_load(path, held.arena, &bytes, &n) == TD_OK);
    CHECK(verify_archive(held.group, held.arena, bytes, n, &options, &ledger));
    CHECK(ledger.finding_count == 0 && ledger.ballot_count == BALLOTS &&
          ledger.phase == LEDGER_CLOSED);
    td_arena_rewind(held.arena, mark);
}

static void round_of(const char *root, long number, long most)
{
    char folder[64], after[64];

    (void)snprintf(folder, sizeof folder, "%s/%ld", root, number);
    (void)snprintf(after, sizeof after, "%s/%ld-after", root, number);
    new_disk(folder);
    CHECK(mkdir(folder, 0700) == 0);
    memset(held.is_acknowledged, 0, sizeof held.is_acknowledged);
    held.is_opened = false;
    held.is_once = draw(2) == 0;
    disk.syncs_left = draw(2) == 0 ? 1 + (long)draw(BALLOTS + 4) : 0;
    bool fails = disk.syncs_left > 0;
    if (draw(2) == 0) {
        disk.calls_left = 1 + (long)draw((uint64_t)most);
        live(folder);
        disk.is_dead = false; /* the next program; the kernel has what the first one wrote */
        memset(disk.of_fd, 0, sizeof disk.of_fd);
    }
    disk.calls_left = 1 + (long)draw((uint64_t)most);
    live(folder);
    for (int i = 0; i < BALLOTS; i++) {
        held.rounds_cut_in_casting += held.is_acknowledged[i] != held.is_acknowledged[0];
    }
    held.rounds_of_failure += fails && disk.syncs_left == 0;
    disk.syncs_left = 0;
    rebuild(after);
    clear(folder);
    disk.folder[0] = '\0';
    disk.is_dead = false;
    look(after);
    clear(after);
}

int main(int argc, char **argv)
{
    long cuts = argc > 1 ? number_of(argv[1]) : 60;
    char root[] = P_tmpdir "/thidua-power-XXXXXX", folder[64];

    chance = argc > 2 ? (uint64_t)number_of(argv[2]) * 2654435761U + 1 : 88172645463325252U;
    CHECK(mkdtemp(root) != NULL);
    (void)snprintf(folder, sizeof folder, "%s/first", root);
    new_disk(folder);
    prepare(folder);
    clear(folder);
    /* How many calls a whole life takes: cuts fall within. */
    (void)snprintf(folder, sizeof folder, "%s/whole", root);
    new_disk(folder);
    CHECK(mkdir(folder, 0700) == 0);
    live(folder);
    long calls = disk.calls;
    CHECK(held.is_acknowledged[BALLOTS - 1]);
    clear(folder);
    for (long i = 0; i < cuts; i++) {
        round_of(root, i, calls + 2);
    }
    new_disk(root);
    CHECK(rmdir(root) == 0);
    for (int i = 0; i < BALLOTS; i++) {
        buf_release(&held.ballots[i]);
    }
    group_free(held.group);
    td_arena_free(held.arena);
    (void)printf(
        "%ld cuts within %ld calls, %ld after an fsync that failed, %ld torn ends cut off, "
        "%ld ballots there that nobody was told of\n",
        cuts, calls, held.rounds_of_failure, held.torn, held.more);
    CHECK(held.rounds_failed == 0);
    /* Otherwise nothing is shown. */
    CHECK(cuts < 60 || (held.rounds_of_failure > 0 && held.torn > 0 && held.more > 0 &&
                        held.rounds_cut_in_casting > 0));
    return 0;
}
