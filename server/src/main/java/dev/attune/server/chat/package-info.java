/** Chat completions and completions: requests read, answers told whole or as streams, tools, stored completions. */
@NullMarked
package dev.attune.server.chat;

import org.jspecify.annotations.NullMarked;
