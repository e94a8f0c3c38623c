// Package redact knows what a secret looks like and how it is masked: one
// place for disk, log, copy and export.
package redact

// Mask stands where a secret was.
const Mask = "[redacted]"
