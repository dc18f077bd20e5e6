// A greeting by SCTP: "sctp listen PORT" answers each connection with the peer's address, "sctp ask ADDRESS PORT" prints what it is told.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fail(const char *what)
{
    perror(what);
    return 1;
}

static int answer(int socket)
{
    for (;;) {
        struct sockaddr_in peer;
        socklen_t length = sizeof peer;
        char text[64];
        int client = accept(socket, (struct sockaddr *)&peer, &length);
        if (client < 0)
            return fail("accept");
        snprintf(text, sizeof text, "hello %s\n", inet_ntoa(peer.sin_addr));
        write(client, text, strlen(text));
        close(client);
    }
}

int main(int count, char **arguments)
{
    int asks = count == 4 && strcmp(arguments[1], "ask") == 0;
    if (!asks && !(count == 3 && strcmp(arguments[1], "listen") == 0))
        return 2;
    struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons(atoi(arguments[count - 1])) };
    int s = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
    if (s < 0)
        return fail("socket");
    if (!asks) {
        if (bind(s, (struct sockaddr *)&name, sizeof name) != 0 || listen(s, 4) != 0)
            return fail("bind");
        return answer(s);
    }
    inet_pton(AF_INET, arguments[2], &name.sin_addr);
    alarm(30);
    if (connect(s, (struct sockaddr *)&name, sizeof name) != 0)
        return fail("connect");
    char text[64];
    ssize_t length = read(s, text, sizeof text);
    return length <= 0 ? fail("read") : write(1, text, length) != length;
}
