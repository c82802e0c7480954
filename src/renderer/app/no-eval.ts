import { z } from 'zod';

// zod would try `new Function`, which the content security policy forbids and the console would report. Imported
// first of all, because schemas are used while other modules load.
z.config({ jitless: true });
