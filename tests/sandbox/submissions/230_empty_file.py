# wrong: holds only white space
   
