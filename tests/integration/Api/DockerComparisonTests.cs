using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>
/// The docker CLI against vitrined and against dockerd: the same commands must print the same, ids, times and paths aside. Each
/// script runs in a directory of its own. A line that begins with ~ is one whose words are of today's docker, not of Debian's older
/// dockerd: its exit code alone is compared.
/// </summary>
public sealed class DockerComparisonTests(BothEngines engines) : IClassFixture<BothEngines>
{
    private const string Run = "docker run --network none";

    public static TheoryData<string, string> Scripts => new()
    {
        { "run", $"""
            {Run} --rm busybox echo hello
            {Run} --rm busybox sh -c 'echo out; echo err >&2; exit 7'
            printf 'a\nb\n' | {Run} --rm -i busybox wc -l
            {Run} --rm busybox sh -c 'kill -9 $$'
            {Run} --rm -e A=b -w /tmp --hostname h --user 1:2 busybox sh -c 'echo $A; pwd; hostname; id -u; id -g'
            {Run} --rm --read-only busybox touch /x
            {Run} --rm nosuchimage:here true 2>&1 | head -1
            {Run} --name bad/name busybox true
            {Run} --rm -m 1k busybox true
            {Run} --rm --volumes-from nosuch busybox true
            {Run} --rm --pid container:nosuch busybox true
            ~ docker run --rm --network nosuch busybox true
            ~ {Run} --rm --runtime nosuch busybox true
            ~ {Run} --rm --gpus all busybox true
            {Run} -d --name private busybox sleep 1000 | wc -c
            {Run} --rm --ipc container:private busybox true
            docker ps -aq --filter status=created
            docker rm -f private
            {Run} --cidfile cid --name keep busybox true; test -s cid && docker rm keep
            """ },
        { "lifecycle", $"""
            {Run} -d --name c1 --label a=b busybox sleep 1000
            docker ps --format '{"{{.Names}} {{.Image}} {{.Command}} {{.State}} {{.Labels}}"}'
            docker ps -q --filter label=a=b | wc -l
            docker ps -a --filter name=nothing -q | wc -l
            {Run} --name c1 busybox true
            docker top c1 -o pid,comm | awk '{"{print $NF}"}'
            docker rename c1 c2
            docker rename c2 c2
            docker stop -t 0 c2
            docker stop c2
            docker start c2
            docker start c2
            docker kill -s HUP c2
            ~ docker rm c2
            docker restart -t 0 c2
            docker kill c2
            docker wait c2
            ~ docker kill c2
            docker ps -a --format '{"{{.Names}} {{.Status}}"}' --filter name=c2
            docker rm c2
            docker rm c2
            docker inspect c2
            docker logs c2
            """ },
        { "exec", $"""
            {Run} -d --name e1 busybox sleep 1000
            docker exec e1 echo hi
            docker exec e1 sh -c 'echo out; echo err >&2; exit 3'
            printf x | docker exec -i e1 sh -c 'cat; exit 4'
            docker exec -e V=w -w /tmp -u 5 e1 sh -c 'echo $V; pwd; id -u'
            docker exec -d e1 touch /made
            for i in 1 2 3 4 5 6 7 8 9 10; do docker exec e1 test -e /made && break; sleep 0.3; done; docker exec e1 ls /made
            docker exec nosuch true
            docker exec -u nosuch e1 true
            docker exec -u 0:nosuch e1 true
            docker kill e1
            ~ docker exec e1 true
            docker rm e1
            """ },
        { "logs", $"""
            {Run} --name l1 busybox sh -c 'echo one; sleep 0.2; echo two >&2; sleep 0.2; echo three'
            docker logs l1 2>/dev/null
            docker logs l1 2>&1 >/dev/null
            docker logs --tail 1 l1
            docker logs -f l1 2>/dev/null
            docker logs -t --tail 1 l1 | sed 's/^[0-9T:.Z-]* /TIME /'
            docker logs --since 1h l1 2>/dev/null
            docker logs --until 1h l1
            docker logs --tail 0 l1
            docker rm l1
            """ },
        { "terminal", $"""
            script -qec "{Run} --rm -it busybox sh -c 'tty; stty size; exit 5'" /dev/null </dev/null
            {Run} -d -t --name t1 busybox sleep 1000
            script -qec "docker exec -it t1 tty" /dev/null </dev/null
            docker exec t1 tty
            docker rm -f t1
            """ },
        { "attach", $"""
            {Run} -d -i --name a1 busybox sh -c 'read x; echo got $x; exit 6'
            ~ echo word | docker attach a1
            docker wait a1
            docker attach a1
            docker rm a1
            docker create --network none --name a2 -i busybox cat
            echo input | docker start -ai a2
            docker rm a2
            """ },
        { "images", """
            docker images --format '{{.Repository}}:{{.Tag}} {{.ID}} {{.Size}}'
            docker tag busybox copy:v1
            ~ docker tag nosuch copy:v2
            docker tag busybox BAD
            docker images copy --format '{{.Repository}}:{{.Tag}}'
            docker image inspect copy:v1 --format '{{.Id}} {{.RepoTags}} {{.Os}} {{.Architecture}} {{json .Config.Cmd}} {{json .RootFS}}'
            ~ docker image inspect nosuch
            docker save copy:v1 -o saved.tar; tar tf saved.tar | grep -c manifest.json
            docker rmi copy:v1
            docker rmi copy:v1
            docker load -q -i saved.tar
            ~ docker save nosuch -o x.tar
            docker load -i /etc/passwd 2>&1 | cut -c1-5
            docker rmi copy:v1
            docker images -f dangling=true -q
            """ },
        { "inspect", $"""
            docker create --network none --name i1 -e X=y -l k=v --restart on-failure:3 -m 64m --cpus 0.5 --entrypoint /bin/echo -v /usr:/t:ro --tmpfs /run --workdir /w --stop-signal INT --cap-add SYS_TIME busybox a b
            docker inspect i1 --format '{"{{.Name}} {{.Path}} {{.Args}} {{.State.Status}} {{.State.ExitCode}} {{.RestartCount}} {{.Driver}} {{.Platform}}"}'
            docker inspect i1 --format '{"{{json .Config.Env}} {{json .Config.Cmd}} {{json .Config.Entrypoint}} {{json .Config.Labels}} {{.Config.WorkingDir}} {{.Config.StopSignal}}"}'
            docker inspect i1 --format '{"{{json .HostConfig.RestartPolicy}} {{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{json .HostConfig.Binds}} {{json .HostConfig.Tmpfs}} {{json .HostConfig.CapAdd}}"}'
            docker inspect i1 --format '{"{{range .Mounts}}{{.Type}} {{.Source}} {{.Destination}} {{.Mode}} {{.RW}} {{.Propagation}}{{end}}"}'
            docker inspect i1 --format '{"{{json .State.StartedAt}} {{json .State.FinishedAt}} {{.State.Pid}}"}'
            docker inspect --type container nosuch
            docker inspect --size i1 --format '{"{{.SizeRw}}"}'
            docker rm i1
            """ },
        { "files", $"""
            {Run} -d --name f1 busybox sleep 1000
            echo content > file; docker cp file f1:/tmp/copied; docker exec f1 cat /tmp/copied
            docker cp f1:/tmp/copied back; cat back
            docker cp f1:/nosuch .
            docker cp file f1:/nosuch/dir
            mkdir d; echo in > d/in; docker cp d f1:/tmp; docker exec f1 cat /tmp/d/in
            docker cp f1:/tmp/d/. - | tar tf - | sort
            docker diff f1 | sort
            docker export f1 | tar tf - | grep -c '^bin/busybox$'
            docker kill f1
            docker cp f1:/tmp/copied again; cat again
            docker rm f1
            docker diff f1
            """ },
        { "commit", """
            docker run --network none --name m1 busybox sh -c 'echo made > /new; rm /bin/vi'
            docker commit -m message -a me -c 'ENV Z=1' -c 'CMD ["cat","/new"]' m1 made:v1 | cut -c1-7
            docker run --network none --rm made:v1
            docker run --network none --rm made:v1 ls /bin/vi
            docker image inspect made:v1 --format '{{.Comment}} {{.Author}} {{json .Config.Env}} {{json .Config.Cmd}} {{len .RootFS.Layers}}'
            docker history made:v1 --format '{{.CreatedBy}}|{{.Comment}}' | head -1
            docker export m1 | docker import -c 'CMD ["echo","imported"]' -m message - imported:v1 | cut -c1-7
            docker image inspect imported:v1 --format '{{.Comment}} {{json .Config.Cmd}} {{json .Config.Env}} {{len .RootFS.Layers}}'
            docker run --network none --rm imported:v1
            docker rm m1
            docker rmi made:v1 imported:v1 | grep Untagged
            docker history nosuch 2>&1 | grep -c nosuch
            """ },
        { "volumes", """
            docker volume create --label a=b v1
            docker volume create v1
            docker volume create bad/name
            docker volume ls --format '{{.Driver}} {{.Name}} {{.Labels}}'
            docker volume inspect v1 --format '{{.Name}} {{.Driver}} {{json .Labels}} {{json .Options}} {{.Scope}}'
            docker run --network none --rm -v v1:/data busybox sh -c 'echo kept > /data/file'
            docker run --network none --name user -v v1:/data busybox cat /data/file
            ~ docker volume rm v1
            docker rm user
            docker volume rm v1
            ~ docker volume rm v1
            docker volume ls -q
            """ },
        { "changes", $"""
            {Run} -d --name p1 busybox sleep 1000
            docker pause p1
            ~ docker pause p1
            docker ps --format '{"{{.Names}} {{.State}} {{.Status}}"}' --filter name=p1
            ~ docker exec p1 true
            docker unpause p1
            ~ docker unpause p1
            docker update --memory 64m --memory-swap 64m --restart on-failure:2 p1
            docker inspect p1 --format '{"{{.HostConfig.Memory}} {{json .HostConfig.RestartPolicy}}"}'
            docker exec p1 cat /sys/fs/cgroup/memory/memory.limit_in_bytes
            docker stats --no-stream --format '{"{{.Name}} {{.PIDs}}"}' p1
            docker kill p1
            docker container prune -f | head -1
            docker ps -aq | wc -l
            """ },
        { "events", """
            date +%s >begin; docker run --network none --rm --name ev1 busybox true
            docker events --since $(cat begin) --until $(($(date +%s) + 1)) --filter type=container --format '{{.Type}} {{.Action}} {{.Actor.Attributes.name}} {{.Actor.Attributes.exitCode}}'
            docker events --since $(cat begin) --until $(($(date +%s) + 1)) --filter event=die --filter container=ev1 --format '{{.Status}} {{.From}}'
            docker events --until 1h --since nonsense
            """ },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public void DockerCli_PrintsTheSame(string name, string script)
    {
        var theirs = DockerScript.Run(name, script, DockerScript.Client(engines.Dockerd.Socket));
        DockerScript.ShouldBeSame(theirs, DockerScript.Run(name, script, DockerScript.Client(engines.Vitrine.Socket)));
    }
}
