/*
 * What the managed runtime asks the host at each start, and this program answers itself: 70 system calls, a third of a millisecond.
 *
 * The collector looks for the limits of its cgroup, for caches and for NUMA nodes to choose how large its heap may get and how large a
 * generation begins. This program's heap has its own hard limit of 32 MiB and one thread, so that nothing of it would change with the
 * answers. "Not there" is an answer that the collector has for hosts without these files. Linked by --wrap: the program's own code opens
 * files by other calls, and sees all of them.
 */
#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

/*
 * The collector also takes each part of its heap out of core dumps until it is used, by a call for each part. What was never used is a
 * hole in a dump all the same.
 */
int __real_madvise(void *start, size_t length, int advice);
int __wrap_madvise(void *start, size_t length, int advice);

static const char *const unasked[] = { "/proc/meminfo", "/proc/self/mountinfo", "/proc/self/cgroup", "/sys/devices/system/cpu/", "/sys/devices/system/node" };

FILE *__real_fopen64(const char *path, const char *mode);
FILE *__wrap_fopen64(const char *path, const char *mode);
DIR *__real_opendir(const char *path);
DIR *__wrap_opendir(const char *path);

static int is_unasked(const char *path)
{
	for (unsigned i = 0; i < sizeof unasked / sizeof *unasked; i++)
		if (strncmp(path, unasked[i], strlen(unasked[i])) == 0)
			return 1;
	return 0;
}

FILE *__wrap_fopen64(const char *path, const char *mode)
{
	if (!is_unasked(path))
		return __real_fopen64(path, mode);
	errno = ENOENT;
	return NULL;
}

DIR *__wrap_opendir(const char *path)
{
	if (!is_unasked(path))
		return __real_opendir(path);
	errno = ENOENT;
	return NULL;
}

int __wrap_madvise(void *start, size_t length, int advice)
{
	return advice == MADV_DONTDUMP || advice == MADV_DODUMP ? 0 : __real_madvise(start, length, advice);
}

/* The managed runtime's second thread has no use for an arena of malloc's of its own: five calls and two pages. */
__attribute__((constructor)) static void one_arena(void)
{
	mallopt(M_ARENA_MAX, 1);
}
