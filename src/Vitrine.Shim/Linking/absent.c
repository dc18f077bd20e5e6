/*
 * What the C library does by loading modules of its own at run time: libraries, and the name service. A static program must not, as
 * a module belongs to the C library that it was built with. Nothing of this is called here (names are resolved by Vitrine's own code,
 * and libnftables is given up for nft(8) where it cannot be loaded); the runtime's archives refer to it all the same, and without these
 * answers the C library's resolver would be linked in and never run.
 */
#include <errno.h>
#include <stddef.h>

enum { EAI_FAIL = -4 };

void *dlopen(const char *file, int mode) { (void)file, (void)mode; return NULL; }
void *dlsym(void *handle, const char *symbol) { (void)handle, (void)symbol; return NULL; }
int dlclose(void *handle) { (void)handle; return -1; }
char *dlerror(void) { static char text[] = "a static program loads no libraries"; return text; }
int dladdr(const void *address, void *info) { (void)address, (void)info; return 0; }

int getaddrinfo(void) { return EAI_FAIL; }
void freeaddrinfo(void) { }
int getnameinfo(void) { return EAI_FAIL; }
int getifaddrs(void) { errno = ENOSYS; return -1; }
void freeifaddrs(void) { }

int getpwnam_r(void) { return ENOSYS; }
int getpwuid_r(void) { return ENOSYS; }
int getgrgid_r(void) { return ENOSYS; }
int getgrouplist(void) { return -1; }
void *getgrgid(void) { return NULL; }
