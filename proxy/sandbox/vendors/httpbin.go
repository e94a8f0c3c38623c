package vendors

import (
	"net/http"

	"github.com/mccutchen/go-httpbin/v2/httpbin"
)

var httpbinKeys = keyring{
	"bin-acme": {owner: "acme"},
	"bin-slow": {owner: "slow"},
}

// newHTTPBin serves go-httpbin to those who have an API key: it echoes, delays,
// redirects, compresses and streams whatever one wants to see.
func newHTTPBin() http.Handler {
	bin := httpbin.New(httpbin.WithMaxBodySize(32<<20), httpbin.WithHostname("httpbin.org"))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := httpbinKeys.header(r, "X-Api-Key"); !ok {
			reply(w, http.StatusUnauthorized, object{"message": "unknown X-Api-Key"})
			return
		}
		bin.ServeHTTP(w, r)
	})
}
