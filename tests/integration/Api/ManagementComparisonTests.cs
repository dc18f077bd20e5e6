using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>
/// The verbs that manage: system, prune, networks, volumes, images and registries. Docker's command line before vitrined, and vitrine
/// itself under docker's name, must print what docker's command line prints before dockerd.
/// </summary>
public sealed class ManagementComparisonTests(BothEngines engines) : IClassFixture<BothEngines>
{
    // bcrypt of "secret", made with htpasswd -nbB.
    private const string User = "anna:$2y$05$34cVQK9/QSiNSThZzEMGi.zUcoua98t5qynKrcyHLDiq9mblzWbaW";

    public static TheoryData<string, string> Scripts => new()
    {
        { "df", """
            docker system df
            docker system df -v
            docker system df --format json
            docker system df --format '{{.Type}} {{.TotalCount}} {{.Active}} {{.Reclaimable}}'
            docker system df --format 'table {{.Type}}\t{{.Size}}'
            docker system df extra
            docker system df --bad
            docker run --network none -d --name d1 -v dvol:/d busybox sh -c 'dd if=/dev/zero of=/f bs=1k count=100 2>/dev/null; dd if=/dev/zero of=/d/g bs=1k count=200 2>/dev/null; touch /done; sleep 900' | wc -c
            until docker exec d1 test -e /done 2>/dev/null; do sleep 0.1; done
            docker run --network none --name d2 busybox true
            docker system df
            docker system df -v
            docker system df -v --format '{{range .Images}}{{.Repository}}:{{.Tag}} {{.Containers}} {{.SharedSize}} {{.UniqueSize}}{{end}}'
            docker system df -v --format '{{range .Containers}}{{.Names}} {{.LocalVolumes}} {{.Size}}{{end}}'
            docker system df -v --format '{{range .Volumes}}{{.Name}} {{.Links}} {{.Size}}{{end}} {{json .BuildCache}}'
            docker rm -f d1 d2
            docker volume rm dvol
            """ },
        { "info", """
            docker info --format '{{.Containers}} {{.ContainersRunning}} {{.ContainersPaused}} {{.ContainersStopped}} {{.Images}}'
            docker info --format '{{.Driver}} {{.OSType}} {{.Architecture}} {{.NCPU}} {{.MemTotal}} {{.CgroupDriver}} {{.CgroupVersion}} {{.LoggingDriver}} {{.Name}} {{.KernelVersion}}'
            docker info --format '{{.IndexServerAddress}} {{(index .RegistryConfig.IndexConfigs "docker.io").Name}} {{json .Swarm}} {{.Isolation}} {{.ExperimentalBuild}}'
            docker info --format '{{.MemoryLimit}} {{.SwapLimit}} {{.CPUShares}} {{.CPUSet}} {{.PidsLimit}} {{.OomKillDisable}} {{json .Plugins.Volume}} {{json .Plugins.Authorization}}'
            docker info | sed -n 's/^ *\(Containers\|Running\|Images\|Storage Driver\|Logging Driver\|Cgroup Driver\|Swarm\|OSType\|CPUs\|Total Memory\):.*/&/p'
            docker system info --format '{{'
            docker info extra
            ~ docker version --format '{{'
            docker version extra
            docker system nosuch
            docker events --since bad
            docker events --format '{{' --since 1m --until 0s >/dev/null 2>&1
            """ },
        { "prune", """
            docker container prune extra
            docker container prune -f --filter bad=x 2>&1 | tr I i
            docker container prune -f --filter until=bad
            docker container prune -f --filter nonsense
            docker container prune </dev/null
            echo n | docker container prune
            docker run --network none --name p1 --label l=1 busybox true
            docker run --network none --name p2 --label l=2 busybox true
            docker container prune -f --filter label=l=2 --filter until=1h
            docker container prune -f --filter label=l=2
            docker container prune -f --filter label!=l
            echo y | docker container prune
            docker image prune extra
            docker image prune </dev/null
            docker image prune -a </dev/null
            docker image prune -f --filter until=bad
            docker image prune -a -f --filter label=none
            docker volume prune extra
            docker volume prune --filter label -f
            docker volume create | wc -c
            docker volume prune -f | wc -l
            docker volume prune -f
            docker network prune extra
            docker network prune </dev/null
            docker network prune -f --filter until=bad
            docker network create n1 --label keep
            docker network create n2
            docker network prune -f --filter label!=keep
            docker network prune -f
            docker system prune extra
            docker system prune </dev/null
            docker system prune -a --volumes </dev/null
            docker system prune --filter label=l=9 </dev/null
            docker system prune -a --filter label=l --filter until=1h </dev/null
            docker system prune --volumes --filter until=1h -f
            docker system prune -f --filter until=bad
            docker run --network none --name p3 -v /y busybox true
            docker network create n3
            docker system prune -f --volumes
            docker tag busybox prune:v1
            docker system prune -a -f --filter label=none
            docker system prune -a -f | tail -1 | cut -c1-22
            docker images -q
            docker load -q -i $ARCHIVE
            """ },
        { "network", """
            docker network nosuch
            docker network create
            docker network create a b
            docker network create --subnet 10.166.0.0/24 --gateway 10.166.0.1 --ip-range 10.166.0.128/25 --label a=b --label c -o com.docker.network.driver.mtu=1400 n1
            docker network create --internal --attachable n2
            docker network create --subnet 10.167.0.0/24 --gateway 10.168.0.1 bad 2>&1 | grep -c 'no matching subnet for gateway 10.168.0.1'
            docker network create --gateway 10.167.0.1 bad
            docker network create --aux-address a=10.167.0.1 bad
            docker network create -o com.docker.network.driver.mtu=abc bad
            docker network create -o com.docker.network.bridge.enable_icc=maybe bad
            ~ docker network create -d nosuch bad
            docker network create -d host bad
            docker network create bridge
            docker network create host
            docker network ls --filter type=custom
            docker network ls --filter type=custom -q --no-trunc
            docker network ls --filter name=n1 --format '{{.Name}} {{.Driver}} {{.Scope}} {{.Internal}} {{.CreatedAt}}'
            docker network ls --filter label=a=b --format 'table {{.ID}}\t{{.Name}}\t{{.IPv6}}'
            docker network ls --filter dangling=true
            docker network ls --filter dangling=false --format '{{.Name}}' | grep -v bridge
            docker network ls --filter dangling=maybe
            docker network ls --filter name='['
            docker network ls --filter nonsense
            docker network ls --format '{{.Nope}}'
            docker network inspect n1 --format '{{.Name}} {{.Driver}} {{.Scope}} {{json .IPAM}} {{json .Options}} {{json .Labels}} {{.Internal}} {{.Attachable}} {{json .Containers}}'
            docker network inspect n1 nosuch n2 --format '{{.Name}} {{.ID}}'
            docker network inspect -f '{{' n1
            docker network inspect ""
            docker inspect --type network n2 --format '{{.Internal}}'
            docker run -d --name c1 --network n1 --ip 10.166.0.200 busybox sleep 900
            docker create --name c2 --network n2 busybox true
            docker ps -a --filter network=n1 --format '{{.Names}} {{.Networks}}'
            docker network inspect n1 --format '{{range .Containers}}{{.Name}} {{.IPv4Address}}{{end}}'
            docker network connect n2 c1
            docker network connect n2 c1
            docker network connect n1 c2
            docker network connect nosuch c1
            docker network connect n1 nosuch
            ~ docker network connect n1 ""
            docker network connect none c1
            docker network disconnect n2 c1
            docker network disconnect n2 c1
            docker network disconnect nosuch c1
            ~ docker network rm n1
            docker network rm nosuch
            docker network rm -f nosuch
            docker network rm ""
            docker network rm none
            docker rm -f c1 c2
            docker network rm n1 nosuch n2
            docker run --rm --link nosuch --network none busybox true 2>&1 | head -1 | sed 's/^docker: //;s/^Error response from daemon: //'
            """ },
        { "volume", """
            ~ docker volume nosuch
            docker volume create a b
            docker volume create --name x y
            docker volume create --name named
            docker volume create --label a=b --label c v1
            docker volume create -d nosuch v2
            docker volume create -o type=tmpfs -o o=size=10m,uid=1000 -o device=tmpfs vt
            docker volume create -o nosuch=1 v3
            docker volume create -o o=bind v3
            docker volume ls
            docker volume ls -q --filter label=a
            docker volume ls --format json --filter name=named | sed 's/"Mountpoint":"[^"]*"//'
            docker volume ls --format 'table {{.Name}}\t{{.Scope}}\t{{.Links}}\t{{.Size}}' --filter label=a=b
            docker volume ls --filter name='[' -q
            docker volume ls --filter dangling=true -q
            docker volume ls --filter dangling=false -q
            docker volume ls --filter nonsense
            docker volume ls --format '{{.Nope}}'
            docker volume inspect v1 | grep -v Mountpoint
            docker volume inspect vt --format '{{json .Options}} {{json .Labels}}'
            docker volume inspect v1 nosuch vt --format '{{.Name}}'
            docker volume inspect --format '{{' v1
            docker volume inspect ""
            docker volume rm ""
            docker volume rm nosuch v1
            docker volume rm -f nosuch
            docker volume rm named vt
            """ },
        { "image", """
            docker image nosuch
            docker tag busybox t1:v1
            docker tag busybox BAD:x
            docker tag busybox ""
            docker image inspect t1:v1 --format '{{json .RepoTags}} {{json .RepoDigests}} {{.ID}}'
            docker images -q
            docker images --format json t1 | sed 's/"VirtualSize":[^,}]*//'
            docker images --digests t1
            docker images --filter dangling=true -q
            docker images '' | sort
            docker images a b
            docker image inspect --format '{{' busybox
            docker image inspect --type image busybox
            docker history busybox
            docker history -H=false busybox | head -1
            docker history --format json busybox
            docker run --network none -d --name i1 t1:v1 sleep 900
            docker rmi -f t1:v1 | head -1
            docker ps --format '{{.Image}} {{.Names}}'
            docker ps --filter name='['
            docker ps --filter nonsense
            docker port i1 90
            docker logs --since bad i1
            docker rm -f i1
            docker save -o /nosuch/x busybox
            docker export nosuch
            docker container inspect ""
            docker container inspect --format '{{' nosuch
            """ },
        { "registry", """
            docker push
            docker push ""
            docker push nosuch
            docker tag busybox $REGISTRY/lib/a:v1
            docker tag busybox $REGISTRY/lib/a:v2
            docker push $REGISTRY/lib/a:v1 | grep -v Pushing
            docker push -q $REGISTRY/lib/a:v1
            docker push -a $REGISTRY/lib/a
            docker push -a $REGISTRY/lib/a:v1
            docker rmi $REGISTRY/lib/a:v1 | head -1
            docker rmi $REGISTRY/lib/a:v2 | head -1
            docker pull
            docker pull ""
            docker pull BAD
            docker pull $REGISTRY/lib/nosuch
            docker pull $REGISTRY/lib/a:nosuch
            docker pull $REGISTRY/lib/a:v1 | grep -v 'Already exists'
            docker pull $REGISTRY/lib/a:v1
            docker pull -q $REGISTRY/lib/a:v1
            docker pull -a $REGISTRY/lib/a | grep -v 'Already exists'
            docker pull -aq $REGISTRY/lib/a
            docker pull -a $REGISTRY/lib/a:v1
            docker pull -a $REGISTRY/lib/nosuch
            docker inspect $REGISTRY/lib/a:v1 --format '{{index .RepoDigests 0}}' >d; docker rmi $REGISTRY/lib/a:v1 $REGISTRY/lib/a:v2 | grep -c a:v
            docker pull $(cat d) | tail -3
            docker pull -q $(cat d)
            docker images --digests $REGISTRY/lib/a --format '{{.Repository}} {{.Tag}} {{.Digest}}'
            docker run --network none --rm $(cat d) echo by digest
            docker push $(cat d)
            docker rmi $(cat d) | head -1
            docker pull $REGISTRY/lib/a@sha256:bad >/dev/null 2>&1
            docker login --username anna --password-stdin $LOCKED </dev/null
            docker login $LOCKED </dev/null
            docker login --password-stdin $LOCKED </dev/null
            docker login -u anna -p secret --password-stdin $LOCKED </dev/null
            docker login a b
            ~ echo wrong | docker login -u anna --password-stdin $LOCKED
            docker tag busybox $LOCKED/team/b:v1
            ~ docker push $LOCKED/team/b:v1
            echo secret | docker login -u anna --password-stdin $LOCKED 2>/dev/null
            grep -c auth $DOCKER_CONFIG/config.json
            docker login $LOCKED </dev/null
            docker login -u anna -p secret $LOCKED
            docker push $LOCKED/team/b:v1 | grep -v Pushing
            docker rmi $LOCKED/team/b:v1 | head -1
            docker pull -q $LOCKED/team/b:v1
            docker rmi $LOCKED/team/b:v1 | head -1
            docker logout $LOCKED
            docker logout $LOCKED
            docker logout
            docker logout a b
            ~ docker pull $LOCKED/team/b:v1 </dev/null
            docker search
            docker search a b
            docker search --filter nonsense busybox
            ~ docker search $REGISTRY/busybox
            docker search --limit 500 busybox >/dev/null 2>&1
            """ },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public void DockerCli_BeforeBothServers_PrintsTheSame(string name, string script) => DockerScript.ShouldBeSame(
        OfDockerd(name, script),
        Answers(name, script, DockerScript.Client(engines.Vitrine.Socket)));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Vitrine_UnderDockersName_PrintsTheSame(string name, string script)
    {
        Need.DockerCli(28);
        DockerScript.ShouldBeSame(OfDockerd(name, script), Answers(name, script, ByName()));
    }

    /// <summary>What dockerd says, which is asked once for both comparisons.</summary>
    private List<string> OfDockerd(string name, string script)
    {
        if (!engines.DockerdsAnswers.TryGetValue(name, out var answers))
            engines.DockerdsAnswers[name] = answers = Answers(name, script, DockerScript.Client(engines.Dockerd.Socket));
        return answers;
    }

    /// <summary>Vitrine under docker's name.</summary>
    private Dictionary<string, string?> ByName()
    {
        var link = Path.Combine(engines.Vitrine.Files, "docker");
        if (!File.Exists(link))
            File.CreateSymbolicLink(link, Repository.Binary("vitrine"));
        return new Dictionary<string, string?>(engines.Vitrine.Environment) { ["PATH"] = $"{engines.Vitrine.Files}:{Environment.GetEnvironmentVariable("PATH")}" };
    }

    private static List<string> Answers(string name, string script, Dictionary<string, string?> surroundings)
    {
        surroundings["ARCHIVE"] = TestImages.Archive("busybox");
        if (name != "registry")
            return DockerScript.Run(name, script, surroundings);
        // Of each one's own: what another has pushed need not be pushed again.
        using var registry = new TestRegistry();
        using var locked = new TestRegistry(User);
        (surroundings["REGISTRY"], surroundings["LOCKED"]) = (registry.Address, locked.Address);
        return DockerScript.Run(name, script, surroundings);
    }
}
