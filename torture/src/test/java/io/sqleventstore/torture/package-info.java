@NullMarked
package io.sqleventstore.torture;

import org.jspecify.annotations.NullMarked;
