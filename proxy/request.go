package proxy

import "io"

// Field is one header line: a name and a value, as they are sent.
type Field struct {
	Name  string
	Value string
}

// Request is one call for the proxy to make.
type Request struct {
	Method string // any HTTP method; upper-cased by [Client.Do]
	// URL is the upstream's: absolute, or a path with a leading slash for an
	// app whose base URL Connect knows. It is sent as written.
	URL string
	// Header holds the upstream's headers in order, repeats allowed. Names
	// are the upstream's: Do adds the x-pd-proxy- prefix, and strips it from a
	// name that was copied with it.
	Header []Field
	// Body is read once, to its end; nil for none. Do closes it if it can be closed.
	Body io.Reader
	// BodySize is the number of bytes in Body; 0 or less if unknown.
	BodySize int64

	ExternalUserID string // at most 250 characters
	AccountID      string // apn_…

	// App is what is known of the account's app, nil if nothing is. With it
	// Do refuses a URL that Connect would refuse.
	App *App
	// AnyDomain lets a URL pass that is off the app's allowed domains.
	AnyDomain bool
}
