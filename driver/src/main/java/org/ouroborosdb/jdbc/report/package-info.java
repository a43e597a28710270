/**
 * A page of plots of what a store holds: one HTML file with inline SVG that is well-formed XML,
 * runs no script and asks for nothing else.
 *
 * <p>{@link StoreReport} walks the snapshot twice in bounded memory: {@link EventSurvey} looks at
 * every event in order of sequence numbers, {@link RootSurvey} at every tree. Chunks are counted
 * once each through {@link SeenChunks}, a sample where there are many. {@link ReportPage} draws.
 */
@NullMarked
package org.ouroborosdb.jdbc.report;

import org.jspecify.annotations.NullMarked;
