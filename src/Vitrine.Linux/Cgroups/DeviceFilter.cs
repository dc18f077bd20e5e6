using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>
/// The v2 way to limit devices: an eBPF program at the cgroup (Documentation/admin-guide/cgroup-v2.rst, Device controller) that
/// is asked at every open and mknod.
/// </summary>
public static unsafe partial class DeviceFilter
{
    private const int ProgramLoad = 5;
    private const int ProgramAttach = 8;
    private const int ProgramDetach = 9;
    private const int ProgramById = 13;
    private const int ProgramQuery = 16;

    /// <summary>The kernel's own limit (BPF_CGROUP_MAX_PROGS).</summary>
    private const int MaximumAttached = 64;
    private const uint CgroupDeviceProgram = 15;
    private const uint CgroupDeviceAttach = 6;
    private const uint AllowMultiple = 2;

    // linux/bpf.h and linux/bpf_common.h: operation codes, and the registers they are used with here.
    private const byte LoadWord = 0x61;
    private const byte AndImmediate = 0x57;
    private const byte ShiftRight = 0x77;
    private const byte MoveImmediate = 0xB7;
    private const byte MoveRegister = 0xBF;
    private const byte JumpEqual = 0x15;
    private const byte JumpNotEqual = 0x55;
    private const byte Exit = 0x95;
    private const byte Answer = 0;
    private const byte Context = 1;
    private const byte Kind = 2;
    private const byte Access = 3;
    private const byte Major = 4;
    private const byte Minor = 5;
    private const byte Scratch = 6;

    /// <summary>The program for a list of rules: the last one that fits decides, and without one the answer is no.</summary>
    public static byte[] Compile(IReadOnlyList<DevicePermission> rules)
    {
        // struct bpf_cgroup_dev_ctx: access_type (access in the upper half, kind in the lower), major, minor.
        var code = new List<ulong>
        {
            Instruction(LoadWord, Kind, Context, 0),
            Instruction(MoveRegister, Access, Kind),
            Instruction(AndImmediate, Kind, immediate: 0xFFFF),
            Instruction(ShiftRight, Access, immediate: 16),
            Instruction(LoadWord, Major, Context, 4),
            Instruction(LoadWord, Minor, Context, 8),
        };
        // The verifier refuses what cannot be reached, so a rule that fits everything is the last, and else "no" is.
        var answered = false;
        for (var i = rules.Count - 1; i >= 0 && !answered; i--)
            answered = Append(code, rules[i]);
        if (!answered)
            Append(code, DevicePermission.Everything(false));

        var bytes = new byte[code.Count * sizeof(ulong)];
        for (var i = 0; i < code.Count; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), code[i]);
        return bytes;
    }

    /// <summary>Loads a program and attaches it to a cgroup in place of those that it has, for as long as the cgroup exists.</summary>
    /// <param name="directory">The cgroup's directory in the v2 tree.</param>
    /// <param name="program">What <see cref="Compile"/> gave.</param>
    /// <exception cref="LinuxException">Not allowed, or a kernel without CONFIG_CGROUP_BPF.</exception>
    public static void Attach(string directory, ReadOnlySpan<byte> program)
    {
        using var cgroup = FileAt.OpenDirectory(directory);
        var old = Attached(cgroup, directory);
        using var loaded = Load(program);
        Change(ProgramAttach, cgroup, loaded, AllowMultiple, "attach device filter to", directory);
        // All that are attached must agree, so an older one would still refuse what the new one allows.
        foreach (var id in old)
        {
            var byId = new ByIdAttributes { prog_id = id };
            using var attached = new SafeFileHandle((nint)Check.Result(Call(ProgramById, &byId, sizeof(ByIdAttributes)), "open device filter"), ownsHandle: true);
            Change(ProgramDetach, cgroup, attached, 0, "detach device filter from", directory);
        }
    }

    private static uint[] Attached(SafeFileHandle cgroup, string directory)
    {
        var ids = new uint[MaximumAttached];
        fixed (uint* start = ids)
        {
            var query = new QueryAttributes
            {
                target_fd = (uint)cgroup.DangerousGetHandle(), attach_type = CgroupDeviceAttach, prog_ids = (ulong)start, prog_cnt = MaximumAttached,
            };
            Check.Result(Call(ProgramQuery, &query, sizeof(QueryAttributes)), "list device filters of", directory);
            return ids[..(int)query.prog_cnt];
        }
    }

    private static void Change(int command, SafeFileHandle cgroup, SafeFileHandle program, uint flags, string operation, string directory)
    {
        var attributes = new AttachAttributes
        {
            target_fd = (uint)cgroup.DangerousGetHandle(),
            attach_bpf_fd = (uint)program.DangerousGetHandle(),
            attach_type = CgroupDeviceAttach,
            attach_flags = flags,
        };
        Check.Result(Call(command, &attributes, sizeof(AttachAttributes)), operation, directory);
    }

    private static nint Call(int command, void* attributes, int size) => Bpf(SyscallNumber.Of(Syscall.bpf), command, attributes, (uint)size);

    /// <summary>Adds a rule; true where it fits everything.</summary>
    private static bool Append(List<ulong> code, DevicePermission rule)
    {
        var body = new List<ulong>(8);
        var skips = new List<int>(4);
        void SkipIf(byte jump, byte register, uint value)
        {
            skips.Add(body.Count);
            body.Add(Instruction(jump, register, immediate: value));
        }

        if (rule.Kind != DeviceKind.Any)
            SkipIf(JumpNotEqual, Kind, (uint)rule.Kind);
        if (rule.Access != DeviceAccess.All)
        {
            // It allows what asks for nothing else; it denies what asks for any of it.
            body.Add(Instruction(MoveRegister, Scratch, Access));
            body.Add(Instruction(AndImmediate, Scratch, immediate: (uint)(rule.Allow ? DeviceAccess.All & ~rule.Access : rule.Access)));
            SkipIf(rule.Allow ? JumpNotEqual : JumpEqual, Scratch, 0);
        }

        if (rule.Major is { } major)
            SkipIf(JumpNotEqual, Major, major);
        if (rule.Minor is { } minor)
            SkipIf(JumpNotEqual, Minor, minor);
        body.Add(Instruction(MoveImmediate, Answer, immediate: rule.Allow ? 1u : 0));
        body.Add(Instruction(Exit));

        // A jump counts from the instruction behind it, here to the end of the rule.
        foreach (var skip in skips)
            body[skip] |= (ulong)(ushort)(body.Count - skip - 1) << 16;
        code.AddRange(body);
        return skips.Count == 0;
    }

    /// <summary>struct bpf_insn: code, destination and source register, offset, immediate.</summary>
    private static ulong Instruction(byte code, byte destination = 0, byte source = 0, short offset = 0, uint immediate = 0) =>
        code | (ulong)destination << 8 | (ulong)source << 12 | (ulong)(ushort)offset << 16 | (ulong)immediate << 32;

    private static SafeFileHandle Load(ReadOnlySpan<byte> program)
    {
        fixed (byte* code = program, license = "Apache-2.0\0"u8)
        {
            var load = new LoadAttributes
            {
                prog_type = CgroupDeviceProgram,
                insn_cnt = (uint)(program.Length / sizeof(ulong)),
                insns = (ulong)code,
                license = (ulong)license,
            };
            return new SafeFileHandle((nint)Check.Result(Call(ProgramLoad, &load, sizeof(LoadAttributes)), "load device filter"), ownsHandle: true);
        }
    }

    /// <summary>The head of union bpf_attr for BPF_PROG_LOAD; the kernel takes what is missing as zero.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LoadAttributes
    {
        public uint prog_type;
        public uint insn_cnt;
        public ulong insns;
        public ulong license;
        public uint log_level;
        public uint log_size;
        public ulong log_buf;
        public uint kern_version;
        public uint prog_flags;
    }

    /// <summary>The head of union bpf_attr for BPF_PROG_ATTACH.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct AttachAttributes
    {
        public uint target_fd;
        public uint attach_bpf_fd;
        public uint attach_type;
        public uint attach_flags;
    }

    /// <summary>The head of union bpf_attr for BPF_PROG_GET_FD_BY_ID.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ByIdAttributes
    {
        public uint prog_id;
        public uint next_id;
        public uint open_flags;
    }

    /// <summary>The head of union bpf_attr for BPF_PROG_QUERY.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct QueryAttributes
    {
        public uint target_fd;
        public uint attach_type;
        public uint query_flags;
        public uint attach_flags;
        public ulong prog_ids;
        public uint prog_cnt;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Bpf(nint number, int command, void* attributes, uint size);
}
