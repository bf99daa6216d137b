/*
 * Put before the C library, this makes a process's time of day wrong by as many seconds as the file says that the variable
 * SAMSPIL_TEST_CLOCK names: eight bytes, which may change while it runs. What measures how long something takes
 * (CLOCK_MONOTONIC) is left alone, as it is on a machine whose clock somebody sets.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *off_by;

__attribute__((constructor)) static void look(void) {
    const char *name = getenv("SAMSPIL_TEST_CLOCK");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    void *seen = mmap(NULL, sizeof *off_by, PROT_READ, MAP_SHARED, file, 0);
    /* A clock that could not be made wrong would prove nothing. */
    if (seen == MAP_FAILED) abort();
    off_by = seen;
    close(file);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = (int)syscall(SYS_clock_gettime, clock, now);
    if (!failed && off_by && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += *off_by;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec exact;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *into) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (into) *into = exact.tv_sec;
    return exact.tv_sec;
}
