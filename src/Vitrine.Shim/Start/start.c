/*
 * Where vitrine-oci begins, before the C library and the .NET runtime do.
 *
 * What is on its way into a container offers its own file at /proc/PID/exe, and must not be a way to write to that file
 * (CVE-2019-5736; SealedProgram.cs): it is executed by a read-only copy of the mount that it is on. A managed program that finds
 * itself unsealed has to start a second time, which takes milliseconds. Here nothing is started yet: the program executes itself
 * again by such a copy within a tenth of one, and begins properly when it is sealed.
 *
 * Where a copy cannot be made (no CAP_SYS_ADMIN, a kernel before 5.12) it begins unsealed, and the managed program decides: it looks
 * at its own mount and trusts nothing that is said here.
 *
 * Neither relocations nor the thread's own storage are there yet, so nothing of the C library can be called.
 */
#if defined(__x86_64__)
enum { RT_SIGPROCMASK = 14, STATFS = 137, READLINKAT = 267, EXECVEAT = 322 };
#elif defined(__aarch64__)
enum { RT_SIGPROCMASK = 135, STATFS = 43, READLINKAT = 78, EXECVEAT = 281 };
#else
#error "no system call numbers for this machine"
#endif
/* The same on every architecture. */
enum { OPEN_TREE = 428, MOUNT_SETATTR = 442 };

enum { AT_FDCWD = -100, AT_EMPTY_PATH = 0x1000, OPEN_TREE_CLONE = 1, OPEN_TREE_CLOEXEC = 02000000, MOUNT_ATTR_RDONLY = 1 };
enum { ST_RDONLY = 1, SIG_BLOCK = 0, PATH_MAX = 4096 };

struct mount_attr { unsigned long long attr_set, attr_clr, propagation, userns_fd; };

/* struct statfs of 64-bit machines. */
struct filesystem { long before[10], f_flags, after[5]; };

static const char own_file[] = "/proc/self/exe";
static const char own_name[] = "vitrine-oci";

/* The entry point: calls seal with the stack as execve(2) left it, and goes on with the C library's with all as it was. */
#if defined(__x86_64__)
__asm__(".globl vitrine_oci_start\nvitrine_oci_start:\n"
	"\txor %ebp, %ebp\n\tmov %rsp, %rbx\n\tmov %rdx, %r12\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall seal\n"
	"\tmov %rbx, %rsp\n\tmov %r12, %rdx\n\tjmp _start\n");

static long call(long number, long a, long b, long c, long d, long e)
{
	long result;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	__asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
	return result;
}
#else
__asm__(".globl vitrine_oci_start\nvitrine_oci_start:\n"
	"\tmov x29, #0\n\tmov x30, #0\n\tmov x19, x0\n\tmov x0, sp\n\tbl seal\n\tmov x0, x19\n\tmov x30, #0\n\tb _start\n");

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

static int is_sealed(void)
{
	struct filesystem status;
	return call(STATFS, (long)own_file, (long)&status, 0, 0, 0) == 0 && (status.f_flags & ST_RDONLY);
}

/* Returns only where the mount cannot be copied. */
static void execute_sealed(char **arguments, char **environment)
{
	struct mount_attr attributes = { MOUNT_ATTR_RDONLY, 0, 0, 0 };
	char path[PATH_MAX];
	/* Where this file is, not what it was called by: an argv[0] of somebody else's choice leads nowhere else. */
	long length = call(READLINKAT, AT_FDCWD, (long)own_file, (long)path, sizeof path - 1, 0);
	if (length <= 0 || path[0] != '/')
		return;
	path[length] = 0;
	while (path[length - 1] != '/')
		length--;
	const char *directory = length == 1 ? "/" : path;
	path[length - 1] = 0;
	long mount = call(OPEN_TREE, AT_FDCWD, (long)directory, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC, 0, 0);
	if (mount >= 0 && call(MOUNT_SETATTR, mount, (long)"", AT_EMPTY_PATH, (long)&attributes, sizeof attributes) == 0)
		call(EXECVEAT, mount, (long)(path + length), (long)arguments, (long)environment, 0);
}

__attribute__((used)) void seal(long *stack)
{
	long count = stack[0];
	char **arguments = (char **)(stack + 1);
	if (count < 1)
		return;
	/* One file is linked into two programs, and the name says which. */
	arguments[0] = (char *)own_name;
	if ((has(arguments + 1, "run") || has(arguments + 1, "exec")) && !may_detach(arguments + 1))
		block_signals();
	if (enters_container(arguments + 1) && !is_sealed())
		execute_sealed(arguments, arguments + count + 1);
}
