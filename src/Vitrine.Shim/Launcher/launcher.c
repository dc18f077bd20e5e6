/*
 * vitrine-oci on disk: executes vitrine-shim, which lies beside it, as vitrine-oci, by a read-only copy of the mount that both are on.
 *
 * What is on its way into a container offers its own file at /proc/PID/exe, and must not be a way to write to that file
 * (CVE-2019-5736; SealedProgram.cs). A managed program that finds itself unsealed has to start a second time, which takes
 * milliseconds; this one starts in a tenth of one. It needs no C library and is linked with none.
 *
 * Where a copy of the mount cannot be made (no CAP_SYS_ADMIN, a kernel before 5.12) the file is executed plainly, and the managed
 * program decides: it looks at its own mount and trusts nothing that is said here.
 */
#if defined(__x86_64__)
enum { WRITE = 1, RT_SIGPROCMASK = 14, EXECVE = 59, READLINKAT = 267, EXIT_GROUP = 231, EXECVEAT = 322 };
#elif defined(__aarch64__)
enum { WRITE = 64, RT_SIGPROCMASK = 135, EXECVE = 221, READLINKAT = 78, EXIT_GROUP = 94, EXECVEAT = 281 };
#else
#error "no system call numbers for this machine"
#endif
/* The same on every architecture. */
enum { OPEN_TREE = 428, MOUNT_SETATTR = 442 };

enum { AT_FDCWD = -100, AT_EMPTY_PATH = 0x1000, OPEN_TREE_CLONE = 1, OPEN_TREE_CLOEXEC = 02000000, MOUNT_ATTR_RDONLY = 1 };
enum { SIG_BLOCK = 0, PATH_MAX = 4096, STANDARD_ERROR = 2, CANNOT_EXECUTE = 126 };

struct mount_attr { unsigned long long attr_set, attr_clr, propagation, userns_fd; };

static const char own_name[] = "vitrine-oci";
static const char program[] = "vitrine-shim";

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall launch\n");

static long call(long number, long a, long b, long c, long d, long e)
{
	long result;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	__asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
	return result;
}
#else
__asm__(".globl _start\n_start:\n\tmov x29, #0\n\tmov x0, sp\n\tbl launch\n");

static long call(long number, long a, long b, long c, long d, long e)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
	return x0;
}
#endif

static int equal(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

static void say(const char *text)
{
	long length = 0;
	while (text[length])
		length++;
	call(WRITE, STANDARD_ERROR, (long)text, length, 0, 0);
}

static void __attribute__((noreturn)) fail(const char *path, const char *reason)
{
	say("vitrine-oci: ");
	say(path);
	say(reason);
	for (;;)
		call(EXIT_GROUP, CANNOT_EXECUTE, 0, 0, 0, 0);
}

static int has(char **arguments, const char *word)
{
	for (; *arguments; arguments++)
		if (equal(*arguments, word))
			return 1;
	return 0;
}

/*
 * run and exec stay as long as what they start, and pass signals on to it. They read them, which takes that every thread blocks
 * them, also those that the managed runtime starts before any of its code; what is blocked here stays so in all of them. The list
 * of ForegroundSession.cs, which looks whether it was followed.
 */
static void block_signals(void)
{
	static const unsigned char kept[] = { 4, 5, 6, 7, 8, 9, 11, 13, 17, 19, 21, 22, 31, 32, 33, 34 };
	unsigned long mask = ~0ul;
	for (unsigned i = 0; i < sizeof kept; i++)
		mask &= ~(1ul << (kept[i] - 1));
	call(RT_SIGPROCMASK, SIG_BLOCK, (long)&mask, 0, sizeof mask, 0);
}

/*
 * Whether they may leave before it ends, where a signal is for the runtime itself: whether any flag begins as -d and --detach do.
 * Too often is no harm.
 */
static int may_detach(char **arguments)
{
	for (; *arguments; arguments++) {
		const char *flag = *arguments;
		while (*flag == '-')
			flag++;
		if (flag != *arguments && *flag == 'd')
			return 1;
	}
	return 0;
}

/* Whether a verb is among the arguments whose process becomes, or meets, one of a container's; the others need no seal. */
static int enters_container(char **arguments)
{
	return has(arguments, "create") || has(arguments, "run") || has(arguments, "exec") || has(arguments, "start");
}

/* Returns only where the mount cannot be copied. */
static void execute_sealed(const char *directory, char **arguments, char **environment)
{
	struct mount_attr attributes = { .attr_set = MOUNT_ATTR_RDONLY };
	long mount = call(OPEN_TREE, AT_FDCWD, (long)directory, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC, 0, 0);
	if (mount < 0 || call(MOUNT_SETATTR, mount, (long)"", AT_EMPTY_PATH, (long)&attributes, sizeof attributes) < 0)
		return;
	call(EXECVEAT, mount, (long)program, (long)arguments, (long)environment, 0);
}

/* Puts the program's name behind the last slash of a path; returns where it begins, or null where it does not fit. */
static char *name_beside(char *path, long length)
{
	while (length > 0 && path[length - 1] != '/')
		length--;
	if (length == 0 || length + (long)sizeof program > PATH_MAX)
		return 0;
	for (unsigned i = 0; i < sizeof program; i++)
		path[length + i] = program[i];
	return path + length;
}

__attribute__((used, noreturn)) void launch(long *stack)
{
	long count = stack[0];
	char **arguments = (char **)(stack + 1);
	char **environment = arguments + count + 1;
	char path[PATH_MAX];
	/* Where this file is, not what it was called by: a link to it, or an argv[0] of somebody else's choice, leads nowhere else. */
	long length = call(READLINKAT, AT_FDCWD, (long)"/proc/self/exe", (long)path, sizeof path, 0);
	char *name = length < 0 ? 0 : name_beside(path, length);
	if (!name || count < 1)
		fail("/proc/self/exe", " does not tell where vitrine-oci is: it needs /proc\n");

	arguments[0] = (char *)own_name;
	if ((has(arguments + 1, "run") || has(arguments + 1, "exec")) && !may_detach(arguments + 1))
		block_signals();
	if (enters_container(arguments + 1)) {
		name[-1] = 0;
		execute_sealed(name - 1 == path ? "/" : path, arguments, environment);
		name[-1] = '/';
	}
	call(EXECVE, (long)path, (long)arguments, (long)environment, 0, 0);
	fail(path, " cannot be executed: vitrine-oci is a launcher of this program and is installed beside it\n");
}
