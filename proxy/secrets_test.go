package proxy_test

import (
	"slices"
	"testing"

	"github.com/connectty/connectty/proxy"
)

// What opens the project is known as a secret before it is used.
func TestSecretsFromTheStart(t *testing.T) {
	t.Parallel()
	for want, opts := range map[string]proxy.Options{
		"handed-over": {ProjectID: "proj_1", AccessToken: "handed-over"},
		"s3cret":      {ProjectID: "proj_1", ClientID: "id", ClientSecret: "s3cret"},
	} {
		client, err := proxy.New(opts)
		if err != nil {
			t.Fatal(err)
		}
		if got := client.Secrets(); !slices.Equal(got, []string{want}) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
