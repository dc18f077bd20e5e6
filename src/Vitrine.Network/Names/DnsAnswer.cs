using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Vitrine.Network;

/// <summary>Writes answers to DNS queries.</summary>
public static class DnsAnswer
{
    /// <summary>Names change when containers come and go: nobody shall keep an answer.</summary>
    private const int TimeToLive = 0;

    private const int NoError = 0;
    private const int ServerFailure = 2;

    /// <summary>What an answer may have without EDNS (RFC 1035, section 4.2.1).</summary>
    public const int PlainUdpSize = 512;

    /// <summary>An answer with these addresses; empty ones say that the name exists and has none.</summary>
    /// <param name="query">The query.</param>
    /// <param name="question">Its question.</param>
    /// <param name="addresses">Of the type that was asked for.</param>
    /// <param name="limit">How long it may be; cut short it says so.</param>
    public static byte[] Addresses(ReadOnlySpan<byte> query, DnsQuestion question, IReadOnlyList<IPAddress> addresses, int limit)
    {
        var answer = Begin(query, question, NoError);
        var count = 0;
        foreach (var address in addresses)
        {
            var bytes = address.GetAddressBytes();
            if (answer.Count + 12 + bytes.Length > limit)
            {
                answer[2] |= 2; // TC
                break;
            }
            Add(answer, bytes.Length == 4 ? DnsQuestion.A : DnsQuestion.Aaaa, bytes);
            count++;
        }
        return Finish(answer, count);
    }

    /// <summary>An answer that an address has this name.</summary>
    public static byte[] Pointer(ReadOnlySpan<byte> query, DnsQuestion question, string name)
    {
        var labels = new List<byte>();
        foreach (var label in name.Split('.'))
        {
            var bytes = Encoding.ASCII.GetBytes(label.Length > 63 ? label[..63] : label);
            labels.Add((byte)bytes.Length);
            labels.AddRange(bytes);
        }
        labels.Add(0);
        var answer = Begin(query, question, NoError);
        Add(answer, DnsQuestion.Pointer, labels.ToArray());
        return Finish(answer, 1);
    }

    /// <summary>Nobody could be asked.</summary>
    public static byte[] Failure(ReadOnlySpan<byte> query, DnsQuestion question) => Finish(Begin(query, question, ServerFailure), 0);

    private static List<byte> Begin(ReadOnlySpan<byte> query, DnsQuestion question, int code)
    {
        var answer = new List<byte>(PlainUdpSize);
        answer.AddRange(query[..question.End]);
        answer[2] = (byte)(0x80 | (query[2] & 1)); // QR, RD as it was asked
        answer[3] = (byte)(0x80 | code); // RA
        for (var i = 6; i < 12; i++)
            answer[i] = 0;
        return answer;
    }

    private static void Add(List<byte> answer, ushort type, ReadOnlySpan<byte> data)
    {
        Span<byte> head = stackalloc byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(head, 0xc00c); // the name of the question
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], type);
        BinaryPrimitives.WriteUInt16BigEndian(head[4..], 1);
        BinaryPrimitives.WriteInt32BigEndian(head[6..], TimeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(head[10..], (ushort)data.Length);
        answer.AddRange(head);
        answer.AddRange(data);
    }

    private static byte[] Finish(List<byte> answer, int count)
    {
        answer[6] = (byte)(count >> 8);
        answer[7] = (byte)count;
        return answer.ToArray();
    }
}
