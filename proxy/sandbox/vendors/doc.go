// Package vendors are small doubles of well-known APIs, for the sandbox's demo:
// they keep what is posted, refuse a wrong credential and a missing scope, and
// fail in the words of the real ones. All of it is made up; nothing leaves the
// machine.
package vendors
