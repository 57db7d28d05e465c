/** The event store in H2 2.2 and later. */
package com.example.h2;
