/**
 * What an event is called and how it is written down.
 *
 * <p>An id is the SHA-512 of a <em>canonical encoding</em>: one possible byte string for one event,
 * specified in docs/FORMAT.md and final. The <em>header</em> is hashed in the open, the
 * <em>text</em> behind a salted <em>commitment</em>, so that a text can be erased later and the id
 * still be proved. The <em>event record</em> (protobuf) is how an event lies on disk; it is not
 * what is hashed, and each decoding computes the id anew.
 */
@NullMarked
package org.ouroborosdb.store.identity;

import org.jspecify.annotations.NullMarked;
