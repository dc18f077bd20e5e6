using System.Text;
using Vitrine.Insight.Traffic;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Traffic;

public sealed class EngineCallTests
{
    [Fact]
    public void TryParse_PlainCall_IsTakenApart()
    {
        var call = EngineCall.TryParse("GET /v1.43/containers/web/logs?follow=1&since=%32&a=b+c HTTP/1.1")!;

        Assert.Equal(("GET", "v1.43", "/containers/web/logs"), (call.Method, call.Version, call.Path));
        Assert.Equal(("1", "2", "b c", null), (call.Parameter("follow"), call.Parameter("since"), call.Parameter("a"), call.Parameter("none")));
        Assert.Equal("GET /v1.43/containers/web/logs?follow=1&since=2&a=b%20c HTTP/1.1", call.ToRequestLine());
    }

    [Theory]
    [InlineData("GET //containers/json HTTP/1.1")]
    [InlineData("GET /v1.43//containers/json HTTP/1.1")]
    [InlineData("GET /containers/../images/json HTTP/1.1")]
    [InlineData("GET /containers/%2e%2e/images/json HTTP/1.1")]
    [InlineData("GET /containers/a%2fb/json HTTP/1.1")]
    [InlineData("GET /containers/json/ HTTP/1.1")]
    [InlineData("GET /containers/%zz HTTP/1.1")]
    [InlineData("GET /containers/%ff HTTP/1.1")]
    [InlineData("GET /containers/a%00 HTTP/1.1")]
    [InlineData("GET /containers/json?a=1;b=2 HTTP/1.1")]
    [InlineData("GET /containers/json#x HTTP/1.1")]
    [InlineData("GET http://host/containers/json HTTP/1.1")]
    [InlineData("GET /v1.43 HTTP/1.1")]
    [InlineData("GET /x HTTP/2.0")]
    [InlineData("GET  /x HTTP/1.1")]
    [InlineData("")]
    public void TryParse_WhatTwoReadersCouldTakeDifferently_IsNotTaken(string line) => Assert.Null(EngineCall.TryParse(line));

    [Theory]
    [InlineData("GET /containers/json", true)]
    [InlineData("HEAD /_ping", true)]
    [InlineData("GET /containers/web/attach/ws", false)]
    [InlineData("POST /containers/web/wait", false)]
    [InlineData("DELETE /images/a/b", false)]
    public void OnlyReads_ByMethodButForInput(string line, bool expected) => Assert.Equal(expected, EngineCall.TryParse(line + " HTTP/1.1")!.OnlyReads);

    [Theory]
    [InlineData("POST /v1.43/containers/create?name=a", "make a container")]
    [InlineData("GET /containers/json", "list containers")]
    [InlineData("GET /containers/x/json", "all about a container")]
    [InlineData("POST /images/team/app/push", "push an image")]
    [InlineData("GET /distribution/team/app/json", "about an image in its registry")]
    [InlineData("GET /v4.3.1/libpod/events", "listen to events")]
    [InlineData("POST /v4.3.1/libpod/containers/web/start", "start it")]
    [InlineData("GET /nothing", "")]
    public void Meaning_OfACall(string line, string expected) => Assert.Equal(expected, CallMeaning.Of(EngineCall.TryParse(line + " HTTP/1.1")!));

    [Theory]
    [InlineData("GET /events", true)]
    [InlineData("GET /v4.3.1/libpod/events", true)]
    [InlineData("POST /v4.3.1/libpod/images/pull?reference=busybox", true)]
    [InlineData("GET /v4.3.1/libpod/containers/web/logs?follow=true", true)]
    [InlineData("GET /v4.3.1/libpod/containers/web/json", false)]
    [InlineData("GET /containers/json", false)]
    public void IsStream_OfBothApis(string line, bool expected) => Assert.Equal(expected, EngineCall.TryParse(line + " HTTP/1.1")!.IsStream);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1")]
    [InlineData("GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked")]
    [InlineData("GET / HTTP/1.1\r\nContent-Length: +1")]
    [InlineData("GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked")]
    [InlineData("GET / HTTP/1.1\r\nContent-Length : 1")]
    [InlineData("GET / HTTP/1.1\r\nA: b\r\n c")]
    [InlineData("GET / HTTP/1.1\r\nA: b\nContent-Length: 1")]
    [InlineData("PRI * HTTP/2.0")]
    [InlineData("")]
    public void Head_WithMoreThanOneReading_IsNone(string head) => Assert.Null(HttpHead.TryParse(Encoding.Latin1.GetBytes(head)));

    [Fact]
    public void Head_Plain_IsKeptAsSent()
    {
        const string Text = "POST /x HTTP/1.1\r\nHost: a\r\nX-Y: 1\r\nX-Y: 2\r\ncontent-length: 12";

        var head = HttpHead.TryParse(Encoding.Latin1.GetBytes(Text))!;

        Assert.Equal((12L, "1"), (head.Length, head["x-y"]));
        Assert.Equal(Text + "\r\n\r\n", Encoding.Latin1.GetString(head.ToBytes()));
    }
}
