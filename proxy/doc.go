// Package proxy is a Go client for Pipedream Connect and its API proxy.
//
// Connect keeps the OAuth tokens and API keys of a company's end users. Its
// proxy sends any HTTP request to the API behind such an account with the
// credential inserted. A [Client] speaks for one project in one environment:
// it fetches and renews the access token, lists users, accounts and apps, and
// sends proxied requests with [Client.Do].
//
// A proxied request has five ways to end, and the package keeps them apart by
// type: an answer of the upstream API is a [Response], whatever its status; a
// refusal by Connect itself is an [*APIError]; what Client refuses before
// anything is sent is an [*InputError]; a fault between here and Connect is a
// [*NetworkError] or, when time ran out, a [*TimeoutError]; a cancelled
// context is [context.Canceled].
package proxy
