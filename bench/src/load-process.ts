import { answerQuestions } from './child.ts';
import { runLoad } from './load.ts';

answerQuestions({ load: runLoad });
